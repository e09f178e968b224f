"""The few rules of style that the theme cannot say; colours follow the theme by themselves."""

from __future__ import annotations

__all__ = ["CSS"]

CSS = """
.rb-head h1{font-size:1.55rem;line-height:1.25;margin:0;padding:0}
.rb-head p{margin:.25rem 0 0}
.rb-policy{opacity:.8}
.rb-made-up{display:inline-block;border:1.5px solid currentColor;border-radius:4px;
 padding:.1rem .5rem;font-size:.82rem;font-weight:600;letter-spacing:.01em}
.rb-foot{border-top:1px solid rgba(128,140,152,.45);margin-top:1.5rem;padding-top:.75rem;
 font-size:.86rem;line-height:1.5}
.rb-foot p{margin:0 0 .35rem}
.rb-foot p:first-child{font-weight:600}
.rb-foot summary{cursor:pointer;padding:.35rem 0}
.rb-big{border:1px solid rgba(128,140,152,.55);border-radius:6px;padding:.75rem 1rem}
.rb-big b{display:block;font-size:1.75rem;line-height:1.3;font-variant-numeric:tabular-nums}
.rb-big span{opacity:.85}
.rb-bars{display:grid;gap:.8rem}
.rb-bar .rb-row{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 .75rem}
.rb-bar .rb-name{font-weight:600}
.rb-bar .rb-say{font-variant-numeric:tabular-nums}
.rb-bar .rb-note{font-size:.88rem;opacity:.85}
.rb-sub{padding-left:.9rem}
.rb-track{position:relative;height:.85rem;margin:.25rem 0;border-radius:3px;
 background:rgba(128,140,152,.14)}
.rb-cap{position:absolute;top:0;bottom:0;left:0;border:1px solid rgba(128,140,152,.75);
 border-radius:3px}
.rb-fill{position:absolute;top:0;bottom:0;border-radius:2px}
.rb-hatch{background-image:repeating-linear-gradient(45deg,rgba(255,255,255,.55) 0 3px,
 transparent 3px 7px)}
.rb-min{position:absolute;top:-3px;bottom:-3px;width:2px;background:currentColor}
.rb-status{white-space:nowrap;font-size:.88rem;font-weight:600}
.rb-three{display:grid;gap:.5rem}
.rb-three b{font-size:1.35rem}
.rb-scroll{overflow-x:auto}
.rb-heat{border-collapse:separate;border-spacing:2px;width:100%;font-size:.84rem;
 font-variant-numeric:tabular-nums}
.rb-heat th,.rb-heat td{border:0!important;padding:.2rem .4rem!important;text-align:right;
 white-space:nowrap;font-weight:400}
.rb-heat th{text-align:left}
.rb-heat thead th{white-space:normal;font-weight:600;vertical-align:bottom}
.rb-heat td{border-radius:3px}
.rb-heat i{font-style:normal;display:inline-block;width:1em;text-align:center}
.rb-wide{overflow-x:auto}
.rb-compare{border-collapse:separate;border-spacing:0;font-size:.92rem;
 font-variant-numeric:tabular-nums;width:100%}
.rb-compare th,.rb-compare td{border:0!important;
 border-bottom:1px solid rgba(128,140,152,.3)!important;padding:.3rem .6rem!important;
 text-align:right;vertical-align:top;min-width:6.5rem}
.rb-compare th{text-align:left;font-weight:400;min-width:9rem}
.rb-compare thead th{font-weight:600;text-align:right;vertical-align:bottom}
.rb-compare thead th:first-child{text-align:left}
.rb-compare th[scope=row],.rb-compare thead th:first-child{position:sticky;left:0;
 background:var(--rb-ground);z-index:1}
.rb-compare i{display:block;font-size:.85rem;opacity:.85}
.rb-list{list-style:none!important;margin:0!important;padding:0!important}
.rb-list li{padding:.55rem 0!important;
 border-bottom:1px solid rgba(128,140,152,.3);margin:0!important}
.rb-list .rb-row{display:flex;justify-content:space-between;gap:.75rem}
.rb-list .rb-cost{white-space:nowrap;font-variant-numeric:tabular-nums;font-weight:600}
.rb-list .rb-sub-line{font-size:.9rem;opacity:.85}
.rb-dot{display:inline-block;width:.7rem;height:.7rem;border-radius:2px;margin-right:.4rem;
 vertical-align:baseline}
.rb-legend{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;font-size:.9rem}
.rb-changes{margin:.25rem 0;padding-left:1.1rem}
.rb-findings{padding-left:1.1rem}
.rb-idle{font-size:1.05rem;font-weight:600}
.rb-read{line-height:1.5}
.rb-counts{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.6rem}
.rb-count{border:1px solid rgba(128,140,152,.45);border-left-width:5px;border-radius:6px;
 padding:.45rem .8rem}
.rb-count b{display:block;font-size:1.5rem;line-height:1.25;font-variant-numeric:tabular-nums}
.rb-count i,.rb-shape{font-style:normal}
.rb-count.rb-pass{border-left-color:#009E73}
.rb-count.rb-finding{border-left-color:#E69F00}
.rb-count.rb-breach{border-left-color:#D55E00}
.rb-count.rb-room{border-left-color:#B8B8B8}
.rb-tag{display:inline-block;border:1px solid currentColor;border-radius:4px;padding:0 .4rem;
 font-size:.82rem;font-weight:600;white-space:nowrap}
.rb-quiet{font-size:.88rem;opacity:.8}
.rb-place{display:flex;flex-wrap:wrap;gap:.2rem .7rem;align-items:baseline}
.rb-checks{list-style:none!important;margin:.4rem 0 0!important;padding:0!important}
.rb-checks li{position:relative;margin:0!important;padding:.35rem 0 .35rem 1.3rem!important}
.rb-checks .rb-shape{position:absolute;left:0}
.rb-mend{font-weight:600}
.rb-checks details{font-size:.86rem;opacity:.85}
.rb-checks summary{cursor:pointer;width:fit-content}
.stApp:has(.st-key-check_page) [class*="st-key-skenario-"],
.stApp:has(.st-key-data_page) [class*="st-key-skenario-"]{display:none}
.rb-findings.rb-scroll{max-height:22rem;overflow:auto}
.st-key-check_page,.st-key-data_page,.stApp:has(.st-key-check_page) .st-key-top,
.stApp:has(.st-key-data_page) .st-key-top{max-width:66rem;margin:0 auto}
.st-key-simulation{border-left:5px solid #E69F00;padding-left:1rem}
.st-key-simulation_mark{border-left:5px solid #E69F00}
.st-key-rt_page,.stApp:has(.st-key-rt_page) .st-key-top{max-width:54rem;margin:0 auto}
.stSelectbox input{text-overflow:ellipsis}
[data-testid="stBaseButton-primary"],[data-testid="stBaseButton-primary"]:hover,
.stMultiSelect [data-tag],.stMultiSelect [data-tag] button{
 color:var(--rb-ground)}
@media (max-width:768px){
 .stSidebar,.stSidebar>div{height:fit-content!important;bottom:auto!important}
 .stSidebar{border-bottom:1px solid rgba(128,140,152,.45);border-bottom-right-radius:6px}
 .stSidebar [data-testid="stSidebarUserContent"]{display:none}
 .stSidebar [data-testid="stSidebarNav"]{padding-bottom:1rem}
}
@media (max-width:640px){
 .stMainBlockContainer{padding-left:1rem;padding-right:1rem}
 .rb-head h1{font-size:1.35rem}
 .rb-compare{font-size:.85rem}
 .rb-compare th,.rb-compare td{padding:.3rem .4rem!important;min-width:5.4rem}
 .rb-compare th{min-width:7.2rem}
 .stButton button,.stDownloadButton button{min-height:2.9rem}
}
@media print{
 header[data-testid="stHeader"],[data-testid="stSidebar"],.stButton,.stDownloadButton,
 .st-key-choose,.st-key-top,.st-key-simulation,.st-key-take_away,iframe,
 [data-testid="stElementToolbar"]{display:none!important}
 .stApp,.stMain,.stMainBlockContainer{position:static!important;overflow:visible!important;
  height:auto!important;padding:0!important;background:#fff!important;color:#000!important}
 .rb-fill,.rb-cap,.rb-dot{print-color-adjust:exact;-webkit-print-color-adjust:exact}
 @page{size:A4;margin:15mm}
}
""".strip()
