# Makes promtool's tests of alerts.json: in each case one alert fires, and it alone. $alerts: the names of all.
def values: split("'") | join("\"");
. as $all
| {
    rule_files: ["rules.yaml"],
    evaluation_interval: "1m",
    tests: [
      .cases[] as $case
      | {
          name: $case.what,
          interval: "1m",
          input_series: [
            (if $case.faults == null then {} else $all.healthy + $case.faults end)
            | to_entries[]
            | {series: (.key | values), values: .value}
          ],
          alert_rule_test: [
            $alerts[] as $alert
            | {eval_time: ($case.quiet // "7m"), alertname: $alert, exp_alerts: []},
              {
                eval_time: ($case.at // "20m"),
                alertname: $alert,
                exp_alerts: (if $alert == $case.alert then [{
                  exp_labels: $case.labels,
                  exp_annotations: {summary: $case.summary, runbook_url: ("%RUNBOOKS%#" + ($alert | ascii_downcase))}
                }] else [] end)
              }
          ]
        }
    ]
  }
