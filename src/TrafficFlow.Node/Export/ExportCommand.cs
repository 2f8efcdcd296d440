using System.CommandLine;
using TrafficFlow.Core.Flow;
using TrafficFlow.Node.Count;

namespace TrafficFlow.Node.Export;

/// <summary>`trafficflow export`: counts as a file, without SQL.</summary>
public static class ExportCommand
{
    public static Command Create()
    {
        var site = new Option<string>("--site") { Description = "The intersection, by its id.", HelpName = "ID", Required = true };
        var approach = new Option<string?>("--approach") { Description = "Of one approach only.", HelpName = "ID" };
        var from = ExportInterval.FromOption();
        var to = ExportInterval.ToOption();
        var bins = new Option<string>("--bins")
        {
            Description = $"Length of the bins: {BinsOption.Values}.",
            HelpName = "LENGTH",
            DefaultValueFactory = _ => "15min",
        };
        var gates = new Option<bool>("--gates") { Description = "Also the gates that belong to no approach." };
        var (format, form, output, config) = (RowFile.FormatOption(), CsvFormOption.Create(), RowFile.OutOption(), RowFile.ConfigOption());
        var command = new Verb(
            "export",
            "Writes counts by movement and class from a server's read tables, while the server runs or after it.",
            "trafficflow export --site kokandori --config hocon/server.conf --out yesterday.csv",
            "trafficflow export --site kokandori --approach north --from 2026-04-01 --to 2026-04-30 --bins 60min --config server.conf --out april.csv",
            "trafficflow export --site kokandori --from 2026-04-01 --format parquet --out april-1.parquet --config server.conf")
        {
            site, approach, from, to, bins, gates, format, form, output, config,
        };
        command.Details =
        [
            "One row for each bin, movement and class. count 0 means watched and nobody came; an empty count means missing:",
            "quality says why (blind: nobody watched; missing: no such bin is stored), and partial or degraded count as far as",
            "observed_s and coverage go. Times are those of the site's clock, with its offset to UTC, which tells the two hours",
            "apart when the clock is set back. Movements: entering, exiting, or 'to' and the arm on which vehicles leave.",
            "Bins that have not ended are left out.",
        ];
        command.SetAction((p, cancellation) => new ExportJob(
            p.GetRequiredValue(config), p.GetRequiredValue(site), p.GetValue(approach), p.GetValue(from), p.GetValue(to),
            BinsOption.Parse(p.GetValue(bins)) ?? BinDuration.QuarterHour, p.GetValue(gates),
            RowFile.Of(p.GetValue(format), p.GetValue(form), p.GetValue(output)), TimeProvider.System).RunAsync(cancellation));
        return command;
    }
}
