using Spectre.Console;
using Spectre.Console.Rendering;
using TrafficFlow.Core.Flow;
using TrafficFlow.Wire.Cameras;

namespace TrafficFlow.Node.Demo;

/// <summary>The demo's figures as tables for people.</summary>
internal static class DemoTable
{
    public static IRenderable Of(DemoFigures figures, TimeSpan running, string hint)
    {
        var table = new Table().Border(TableBorder.Rounded).Title("[bold]vehicles, counted / true[/]").AddColumn("approach");
        foreach (var head in new[] { "entering", "movement", "movement", "movement" }) table.AddColumn(new TableColumn(head).RightAligned());
        foreach (var approach in figures.Lines.GroupBy(l => l.Approach))
        {
            table.AddRow([approach.Key.Value, .. approach.Select(Cell)]);
        }

        var queues = new Table().Border(TableBorder.Rounded).Title("[bold]queues[/]").AddColumn("approach");
        foreach (var head in new[] { "mean m", "longest m", "mean vehicles", "most vehicles", "green %" }) queues.AddColumn(new TableColumn(head).RightAligned());
        foreach (var (approach, queue, green) in figures.Queues)
        {
            queues.AddRow(
                approach.Value, $"{queue.MeanMetres:0.0}", $"{queue.MaxMetres:0.0}", $"{queue.MeanVehicles:0.0}", $"{queue.MaxVehicles}", $"{100 * green:0}");
        }

        var cameras = new Table().Border(TableBorder.Rounded).Title("[bold]cameras[/]").AddColumn("camera").AddColumn("state");
        foreach (var head in new[] { "frames/s", "frames", "dropped", "observed s" }) cameras.AddColumn(new TableColumn(head).RightAligned());
        foreach (var camera in figures.Cameras)
        {
            var state = camera.State == CameraState.Streaming ? "[green]streaming[/]" : $"[yellow]{Markup.Escape($"{camera.State} {camera.Reason}".Trim())}[/]";
            cameras.AddRow(
                camera.Camera.Value, state, $"{camera.FramesPerSecond:0.0}", $"{camera.Frames}", $"{camera.Dropped}", $"{camera.ObservedSeconds:0}");
        }

        return new Rows(
            new Markup($"[bold]TrafficFlow demo[/]  {running:hh\\:mm\\:ss}   {Markup.Escape(hint)}"),
            table,
            queues,
            cameras,
            new Markup(Total(figures)));
    }

    public static string Total(DemoFigures figures) => figures.True == 0
        ? "nothing has passed yet"
        : $"in all [bold]{figures.Counted}[/] counted, [bold]{figures.True}[/] true: {100.0 * (figures.Counted - figures.True) / figures.True:+0.0;-0.0;0.0} %";

    private static string Cell(DemoLine line)
    {
        var value = $"{line.Counted} / {line.True}";
        return line.Stream == Movement.Entering.Name ? $"[bold]{value}[/]" : $"[dim]{Markup.Escape(line.Stream)}[/] {value}";
    }
}
