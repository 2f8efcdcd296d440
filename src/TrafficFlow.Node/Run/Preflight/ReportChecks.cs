using TrafficFlow.Node.Report;
using TrafficFlow.Web.Pages.Reports;

namespace TrafficFlow.Node.Run.Preflight;

/// <summary>What the reports of each morning need. Without it they are HTML alone, which is no reason not to start.</summary>
internal static class ReportChecks
{
    public static IEnumerable<Finding> Run(NodeDefinition node)
    {
        if (node.Reports is not { } reports) yield break;
        yield return reports.Formats.Contains(ReportFormat.Pdf) && WeasyPrinter.Missing() is { } missing
            ? Finding.Doubtful("reports", missing)
            : Finding.Good("reports", $"each day at {reports.At:HH\\:mm} by the sites' clocks, in {string.Join(" and ", reports.Languages)}, to {reports.Folder}");
    }
}
