using System.Globalization;
using Spectre.Console;
using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;

namespace TrafficFlow.Node.Count;

/// <summary>A count as a table for people.</summary>
internal static class CountTable
{
    public static void Write(CountSummary summary, string folder)
    {
        var classes = summary.Tally.Crossings.Select(c => c.Class).Distinct().Order().ToList();
        var table = new Table().Border(TableBorder.Rounded).AddColumn("gate").AddColumn("direction").AddColumn(new TableColumn("vehicles").RightAligned());
        foreach (var vehicleClass in classes) table.AddColumn(new TableColumn(vehicleClass.Name()).RightAligned());
        foreach (var gate in summary.Camera.Gates)
        {
            foreach (var direction in Enum.GetValues<CrossingDirection>())
            {
                var crossings = summary.Tally.Crossings.Where(c => c.Gate == gate.Id && c.Direction == direction).ToList();
                table.AddRow([
                    gate.Id.Value,
                    CountResults.DirectionName(direction),
                    $"{crossings.Count}",
                    .. classes.Select(k => crossings.Count(c => c.Class == k).ToString(CultureInfo.InvariantCulture))]);
            }
        }

        AnsiConsole.Write(table);
        AnsiConsole.MarkupLineInterpolated(
            $"{summary.Tally.Frames} frames, {summary.Seconds:0.0} s at {summary.FramesPerSecond:0.##} frames/s{(summary.Files.Count > 1 ? $" in {summary.Files.Count} files" : "")}, detector {summary.Detector.Name}. Written to {folder}");
        AnsiConsole.MarkupLineInterpolated(summary.Recording.Start is { } start
            ? (FormattableString)$"Began at {summary.ClockTime(start, "yyyy-MM-dd HH:mm:ss zzz")} ({summary.Site.TimeZone.Id})."
            : $"Clock times are unknown: --start tells when the first frame was taken.");
        foreach (var file in summary.Files.Where(f => f.Repeated > 0))
            AnsiConsole.MarkupLineInterpolated($"[yellow]warning[/] {file.Name}: {file.Repeated} frames were left out, for the file before it holds their time too");
        if (summary.Detector.Note is { } note) AnsiConsole.MarkupLineInterpolated($"[yellow]warning[/] detector {summary.Detector.Name}: {note}");
        foreach (var warning in FaultReport.Warnings(summary.Tally).Concat(summary.Tally.Scene.Warnings())) AnsiConsole.MarkupLineInterpolated($"[yellow]warning[/] {warning}");
    }
}
