using System.CommandLine;
using TrafficFlow.Node.Export;

namespace TrafficFlow.Node.Report;

/// <summary>`trafficflow report`: what was counted, as a document for people.</summary>
public static class ReportCommand
{
    public static Command Create()
    {
        var site = new Option<string>("--site") { Description = "The intersection, by its id.", HelpName = "ID", Required = true };
        var (day, from, to) = (ReportOptions.DayOption(), ReportOptions.FromOption(), ReportOptions.ToOption());
        var (language, format, output, config) = (ReportOptions.LanguageOption(), ReportOptions.FormatOption(), ReportOptions.OutOption(), RowFile.ConfigOption());
        var command = new Verb(
            "report",
            "Writes a report of a day or of days, as HTML and PDF, from a server's read tables, while the server runs or after it.",
            "trafficflow report --site kokandori --config hocon/server.conf",
            "trafficflow report --site kokandori --day 2026-04-01 --language ja --out april-1.pdf --format pdf --config server.conf",
            "trafficflow report --site kokandori --from 2026-04-01 --to 2026-04-30 --language en,ja --out reports --config server.conf")
        {
            site, day, from, to, language, format, output, config,
        };
        command.Details =
        [
            "It holds volumes by hour or day, approaches and classes, the turning table, peak hours with PHF, the same weekday",
            "before, speeds, queues and delay, how well it was watched, what was degraded, the accuracy where it was measured,",
            "and what counted. A figure with ≥ is a lower bound; what nobody watched is missing, never zero, never filled in.",
            "Counts are as they are, without suppression of small cells: for staff. What may be published: deploy/RELEASE.md.",
            "A running node makes one each morning: trafficflow.reports in its settings (common.conf explains it).",
        ];
        command.SetAction((p, cancellation) => new ReportJob(
            p.GetRequiredValue(config), p.GetRequiredValue(site), p.GetValue(day), p.GetValue(from), p.GetValue(to),
            ReportOptions.Languages(p.GetValue(language)!), ReportOptions.Formats(p.GetValue(format)!), p.GetValue(output), TimeProvider.System).RunAsync(cancellation));
        return command;
    }
}
