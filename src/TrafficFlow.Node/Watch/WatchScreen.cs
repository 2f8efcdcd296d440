using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using Spectre.Console.Rendering;
using TrafficFlow.Node.Topics;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Node.Watch;

/// <summary>Topics whose newest message says it all, in place on a terminal: open bins and cameras. What was shown last stays on the terminal at the end.</summary>
internal sealed class WatchScreen : IDisposable
{
    private const int MostNotes = 3;

    private readonly Dictionary<string, IReadOnlyList<JsonElement>> _latest = [];
    private readonly Queue<string> _notes = [];
    private readonly IReadOnlyList<string> _topics;
    private readonly LiveScreen _screen;

    public WatchScreen(IReadOnlyList<string> topics)
    {
        (_topics, _screen) = (topics, new LiveScreen());
        Draw();
    }

    /// <summary>Whether there is a terminal, and all of these topics can be shown so.</summary>
    public static bool IsFor(IReadOnlyList<string> topics) => LiveScreen.IsPossible && topics.All(IsState);

    public void Show(TopicLine line)
    {
        if (line.Values.Count > 0 || !_latest.ContainsKey(line.Topic)) _latest[line.Topic] = line.Values;
        Draw();
    }

    public void Note(string text)
    {
        _notes.Enqueue(text);
        if (_notes.Count > MostNotes) _notes.Dequeue();
        Draw();
    }

    public void Dispose()
    {
        _screen.Dispose();
        if (_latest.Count > 0) AnsiConsole.Write(Picture(_topics, _latest, [.. _notes]));
    }

    internal static bool IsState(string topic) => TopicNames.ParseFlow(topic) is null ? TopicNames.ParseJourneys(topic) is null && TopicNames.ParseIncidents(topic) is null : topic.EndsWith(".live", StringComparison.Ordinal);

    internal static IRenderable Picture(IReadOnlyList<string> topics, IReadOnlyDictionary<string, IReadOnlyList<JsonElement>> latest, IReadOnlyList<string> notes) => new Rows(
    [
        .. topics.SelectMany(t => Of(t, latest.GetValueOrDefault(t))),
        .. notes.Select(n => new Text(n, new Style(Color.Yellow))),
    ]);

    private void Draw() => _screen.Show(new Rows(
    [
        Picture(_topics, _latest, [.. _notes]),
        new Text("Ctrl-C ends it. --lines writes a line for each message instead.", new Style(decoration: Decoration.Dim)),
    ]));

    private static IEnumerable<IRenderable> Of(string topic, IReadOnlyList<JsonElement>? values)
    {
        if (values is null or []) return [new Markup($"[bold]{Markup.Escape(topic)}[/]  {(values is null ? "connecting" : "no bin is open: nothing was measured yet")}")];
        return TopicNames.ParseFlow(topic) is null ? Camera(topic, WatchPrinter.Read<WatchPrinter.Camera>(values[0])) : Bins(topic, [.. values.Select(WatchPrinter.Read<WatchedBin>)]);
    }

    private static IEnumerable<IRenderable> Bins(string topic, IReadOnlyList<WatchedBin> bins)
    {
        yield return new Markup($"[bold]{Markup.Escape(topic)}[/]  open bins; times of the site, {bins[0].Zone}");
        var table = new Table().Border(TableBorder.Simple);
        foreach (var header in new[] { "bin", "vehicles so far", "queue", "watched", "quality" }) table.AddColumn(new TableColumn(header));
        foreach (var bin in bins.OrderBy(b => b.Minutes).ThenBy(b => b.Start))
        {
            var watched = string.Create(CultureInfo.InvariantCulture, $"{bin.ObservedSeconds:0} of {(bin.End - bin.Start).TotalSeconds:0} s");
            // An open bin has not been watched to its end, which is no fault.
            var quality = bin is { Closed: false, Quality: "partial" or "complete" } ? "good so far" : bin.Quality;
            table.AddRow(new Text($"{bin.Start:HH:mm}-{bin.End:HH:mm}"), new Text(bin.Counts), new Text(bin.QueueInWords), new Text(watched), new Text(quality));
        }

        yield return table;
        foreach (var quality in bins.Where(b => b.Doubt.Length > 0).DistinctBy(b => b.Quality)) yield return new Text($"{quality.Quality}: {quality.Doubt}", new Style(Color.Yellow));
    }

    private static IEnumerable<IRenderable> Camera(string topic, WatchPrinter.Camera camera)
    {
        var rate = string.Create(CultureInfo.InvariantCulture, $"{camera.FramesPerSecond:0.0} frames/s, {camera.Frames} frames, {camera.Dropped} dropped, {camera.Reconnects} reconnects");
        yield return new Markup($"[bold]{Markup.Escape(topic)}[/]  {Markup.Escape(camera.State)}, {rate}");
        foreach (var reason in new[] { camera.Reason, camera.SceneReason, camera.Junction?.Explain() ?? "" }.Where(r => r.Length > 0)) yield return new Text($"  {reason}", new Style(Color.Yellow));
        if (camera.Junction is { } j) yield return new Text(string.Create(CultureInfo.InvariantCulture, $"  {j.Whole} journeys, {j.Lost} only entered, {j.Appeared} only left, {j.Inside} inside"));
    }
}
