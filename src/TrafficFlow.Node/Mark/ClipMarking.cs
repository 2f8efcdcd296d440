using TrafficFlow.Vision.Annotation;
using TrafficFlow.Web.Pages.Marking;

namespace TrafficFlow.Node.Mark;

/// <summary>A clip and its book, as the marking page asks for them.</summary>
internal sealed class ClipMarking(MarkedClip clip, MarkBook book, MarkingSeat? seat, Action finish) : IMarking
{
    private volatile bool _isClosed;

    public MarkingClip Clip { get; } = new(
        clip.Camera.Id.Value, clip.Camera.Frame.Width, clip.Camera.Frame.Height, [.. clip.Times.Select(t => Math.Round(t, 3))], SlitScan.Rows,
        [.. clip.Camera.Gates.Select(g => new MarkingGate(g.Id.Value, [g.From.X, g.From.Y], [g.To.X, g.To.Y]))], Path.GetFileName(book.File));

    public MarkingSeat? Seat => seat;

    /// <summary>How many marks there are.</summary>
    public int Count => book.Count;

    public byte[]? Frame(int index) => clip.Frame(index);

    public byte[]? Scan(string gate, int from, int count) => clip.Scan(gate) is { } scan && from < scan.Frames ? scan.Png(from, count) : null;

    public string MarksJson() => book.ToJson();

    public string? Replace(string json) => _isClosed ? "the clip is not open any more: open it again" : book.Replace(json);

    /// <summary>From now on nothing is changed: the file may be counted against.</summary>
    public void Close() => _isClosed = true;

    public void Finish() => finish();
}
