"""考核: indicators, the quarterly 双百分, the dashboards and homes that read every floor below."""
