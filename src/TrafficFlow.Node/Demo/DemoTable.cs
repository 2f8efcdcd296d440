using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;
using TrafficFlow.Core.Flow;
using TrafficFlow.Wire.Cameras;

namespace TrafficFlow.Node.Demo;

/// <summary>The demo's figures as tables for people, as wide and high as the terminal allows.</summary>
internal static class DemoTable
{
    // From here on the long words fit, and blank lines between the tables.
    private const int Wide = 76;
    private const int High = 36;

    // Lines of a terminal in which the queues too have room.
    private const int RoomForQueues = 22;

    /// <param name="hints">Below everything, dim.</param>
    public static IRenderable Of(DemoState state, int width, int height, IReadOnlyList<string> hints) => new Rows(
    [
        .. Figures(state, width, height),
        .. height >= High ? [new Text("")] : Array.Empty<IRenderable>(),
        .. DemoWords.Of(state).Select(w => new Text(w, new Style(Color.Yellow))),
        .. hints.Select(h => new Text(h, new Style(decoration: Decoration.Dim))),
    ]);

    /// <summary>The figures alone, all of them.</summary>
    public static IRenderable Tables(DemoState state, int width) => new Rows(Figures(state, width, High));

    private static List<IRenderable> Figures(DemoState state, int width, int height)
    {
        var figures = state.Figures;
        var wide = width >= Wide;
        var tables = new List<Table>();
        if (figures.Lines.Count > 0) tables.Add(Counts(figures, wide));
        if (figures.Queues.Count > 0 && height >= RoomForQueues) tables.Add(Queues(figures, wide));
        if (figures.Cameras.Count > 0) tables.Add(Cameras(figures, wide));
        var rows = new List<IRenderable> { new Markup($"[bold]TrafficFlow demo[/] {state.Running:hh\\:mm\\:ss}  {Total(figures)}") };
        foreach (var table in tables)
        {
            if (height >= High) rows.Add(new Text(""));
            rows.Add(table);
        }

        return rows;
    }

    public static string Total(DemoFigures figures) => figures.True == 0
        ? "nothing has passed yet"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"[bold]{figures.Counted}[/] counted, [bold]{figures.True}[/] true: {100.0 * (figures.Counted - figures.True) / figures.True:+0.0;-0.0;0.0} %");

    private static Table Counts(DemoFigures figures, bool wide)
    {
        var table = New(wide, wide ? "counted / true" : "vehicles", "entering", "movement", "movement", "movement");
        foreach (var approach in figures.Lines.GroupBy(l => l.Approach)) table.AddRow([approach.Key.Value, .. approach.Select(line => Cell(line, wide))]);
        return table;
    }

    private static Table Queues(DemoFigures figures, bool wide)
    {
        var table = wide
            ? New(wide, "queue", "mean m", "longest m", "mean vehicles", "most vehicles", "green %")
            : New(wide, "queue", "mean m", "longest", "vehicles", "most", "green %");
        foreach (var (approach, queue, green) in figures.Queues)
        {
            table.AddRow(
                approach.Value, Number(queue.MeanMetres ?? 0), Number(queue.MaxMetres), Number(queue.MeanVehicles ?? 0), $"{queue.MaxVehicles}", $"{100 * green:0}");
        }

        return table;
    }

    private static Table Cameras(DemoFigures figures, bool wide)
    {
        var table = wide ? New(wide, "camera", "state", "frames/s", "frames", "left out", "observed s") : New(wide, "camera", "state", "frames/s", "left out", "observed s");
        foreach (var camera in figures.Cameras)
        {
            var state = camera.State == CameraState.Streaming ? "[green]streaming[/]" : $"[yellow]{Word(camera.State)}[/]";
            string[] first = [camera.Camera.Value, state, Number(camera.FramesPerSecond)];
            string[] last = [$"{camera.Dropped}", $"{camera.ObservedSeconds:0}"];
            table.AddRow(wide ? [.. first, $"{camera.Frames}", .. last] : [.. first, .. last]);
        }

        return table;
    }

    private static Table New(bool wide, string caption, params IReadOnlyList<string> heads)
    {
        var padding = new Padding(0, 0, wide ? 3 : 1, 0);
        var table = new Table().NoBorder().AddColumn(new TableColumn($"[bold]{caption}[/]") { Padding = padding, NoWrap = true });
        foreach (var head in heads)
        {
            var column = new TableColumn($"[dim]{head}[/]") { Padding = padding, NoWrap = true };
            table.AddColumn(head == "state" ? column : column.RightAligned());
        }

        return table;
    }

    private static string Cell(DemoLine line, bool wide)
    {
        var value = wide ? $"{line.Counted} / {line.True}" : $"{line.Counted}/{line.True}";
        if (line.Stream == Movement.Entering.Name) return $"[bold]{value}[/]";
        var stream = wide || !line.Stream.StartsWith("to ", StringComparison.Ordinal) ? line.Stream : line.Stream[3..];
        return $"[dim]{Markup.Escape(stream)}[/] {value}";
    }

    private static string Word(CameraState state) => state switch
    {
        CameraState.Connecting => "opening",
        CameraState.BackingOff => "waiting",
        _ => state.ToString().ToLowerInvariant(),
    };

    private static string Number(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
}
