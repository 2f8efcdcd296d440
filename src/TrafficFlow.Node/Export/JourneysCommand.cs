using System.CommandLine;
using TrafficFlow.Node.Count;

namespace TrafficFlow.Node.Export;

/// <summary>`trafficflow journeys`: the ways of single vehicles over a junction as a file.</summary>
public static class JourneysCommand
{
    public static Command Create()
    {
        var site = new Option<string>("--site") { Description = "The intersection, by its id.", HelpName = "ID", Required = true };
        var approach = new Option<string?>("--approach") { Description = "Only those that arrived on this one.", HelpName = "ID" };
        var from = ExportInterval.FromOption();
        var to = ExportInterval.ToOption();
        var (format, form, output, config) = (RowFile.FormatOption(), CsvFormOption.Create(), RowFile.OutOption(), RowFile.ConfigOption());
        var command = new Verb(
            "journeys",
            "Writes each vehicle's way over a junction (times, speeds, stops, delay) from a server's read tables.",
            "trafficflow journeys --site kokandori --config hocon/server.conf --out yesterday.csv",
            "trafficflow journeys --site kokandori --from 2026-04-01T07:00 --to 2026-04-01T09:00 --format json --config server.conf")
        {
            site, approach, from, to, format, form, output, config,
        };
        command.Details =
        [
            "One row for each vehicle that was last seen in the interval. Empty means not known: nobody saw it enter, leave, or pass the gate.",
            "They are kept for as long as trafficflow.actors.tables.keep-journeys says. What is counted is in `export`.",
        ];
        command.SetAction((p, cancellation) => new JourneysJob(
            p.GetRequiredValue(config), p.GetRequiredValue(site), p.GetValue(approach), p.GetValue(from), p.GetValue(to),
            RowFile.Of(p.GetValue(format), p.GetValue(form), p.GetValue(output)), TimeProvider.System).RunAsync(cancellation));
        return command;
    }
}
