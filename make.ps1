# The targets of the Makefile for Windows: .\make.ps1 demo | test | test-all | bench | app
param([ValidateSet("demo", "test", "test-all", "bench", "app")] [string] $Target = "demo")
$ErrorActionPreference = "Stop"
Set-Location $PSScriptRoot
$Bin = ".venv\Scripts"
$Demo = "hasil\kaliombo-2023"

function Invoke-Step {
    $Rest = @($args | Select-Object -Skip 1)
    & $args[0] @Rest
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}

function Install-Rembug([string] $What, [string] $Stamp) {
    if (-not (Test-Path "$Bin\python.exe")) { Invoke-Step py -3 -m venv .venv }
    $Done = Get-Item ".venv\$Stamp" -ErrorAction SilentlyContinue
    if ($Done -and $Done.LastWriteTime -gt (Get-Item pyproject.toml).LastWriteTime) { return }
    Invoke-Step "$Bin\python.exe" -m pip install --quiet --disable-pip-version-check -e $What
    New-Item ".venv\$Stamp" -Force | Out-Null
}

if ($Target -like "test*") { Install-Rembug ".[dev]" ".rembug-dev-stamp" }
else { Install-Rembug "." ".rembug-stamp" }

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
    default {
        Invoke-Step "$Bin\ruff.exe" format --check .
        Invoke-Step "$Bin\ruff.exe" check .
        Invoke-Step "$Bin\mypy.exe"
        if ($Target -eq "test") { Invoke-Step "$Bin\pytest.exe" -m "not full" -n 2 }
        else { Invoke-Step "$Bin\pytest.exe" -n 2 }
    }
}
