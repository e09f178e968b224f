# The targets of the Makefile for Windows:
# .\make.ps1 demo | test | test-all | test-wheel | bench | app | wheel
param([ValidateSet("demo", "test", "test-all", "test-wheel", "bench", "app", "wheel")] [string] $Target = "demo")
$ErrorActionPreference = "Stop"
Set-Location $PSScriptRoot
$Bin = ".venv\Scripts"
$Demo = "hasil\kaliombo-2023"

function Invoke-Step {
    $Rest = @($args | Select-Object -Skip 1)
    & $args[0] @Rest
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}

function Install-Rembug([string] $Lock) {
    if (-not (Test-Path "$Bin\python.exe")) { Invoke-Step py -3 -m venv .venv }
    $Stamp = ".venv\.$Lock-installed"
    $Done = Get-Item $Stamp -ErrorAction SilentlyContinue
    $Newest = Get-Item pyproject.toml, "locks\$Lock.txt" | Sort-Object LastWriteTime | Select-Object -Last 1
    if ($Done -and $Done.LastWriteTime -gt $Newest.LastWriteTime) { return }
    $Pip = @("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps")
    Invoke-Step "$Bin\python.exe" @Pip --require-hashes --requirement "locks\$Lock.txt"
    Invoke-Step "$Bin\python.exe" @Pip --no-build-isolation --editable .
    New-Item $Stamp -Force | Out-Null
}

if ($Target -like "test*") { Install-Rembug "dev" }
elseif ($Target -in "bench", "app") { Install-Rembug "app" }
else { Install-Rembug "core" }

switch ($Target) {
    "demo" {
        Invoke-Step "$Bin\rembug.exe" plan scenarios\kaliombo-2023.yaml --out $Demo
        Write-Output "CSV: $Demo\rancangan.csv   alokasi: $Demo\alokasi.csv   Excel: $Demo\rancangan.xlsx"
    }
    "bench" {
        Invoke-Step "$Bin\python.exe" benchmarks/pabutools/setup.py
        Invoke-Step "$Bin\rembug.exe" bench --json hasil/bench.json
    }
    "app" { Invoke-Step "$Bin\rembug.exe" app }
    "wheel" { Invoke-Step "$Bin\python.exe" -m hatchling build -t wheel -d dist }
    "test-wheel" { Invoke-Step "$Bin\pytest.exe" -m wheel -rs -n 2 --dist loadgroup tests/test_wheel.py }
    default {
        Invoke-Step "$Bin\ruff.exe" format --check .
        Invoke-Step "$Bin\ruff.exe" check .
        Invoke-Step "$Bin\mypy.exe"
        if ($Target -eq "test") { Invoke-Step "$Bin\pytest.exe" -m "not full and not wheel" -n 2 }
        else { Invoke-Step "$Bin\pytest.exe" -n 2 --dist loadgroup }
    }
}
