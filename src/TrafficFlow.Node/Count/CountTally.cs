using TrafficFlow.Core;
using TrafficFlow.Core.Counting;

namespace TrafficFlow.Node.Count;

/// <summary>All that was counted in a file.</summary>
public sealed class CountTally
{
    /// <summary>Event time that stands for the file's first frame: a file does not tell when it was taken.</summary>
    public static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    public List<Crossing> Crossings { get; } = [];
    public List<FlowPassage> Passages { get; } = [];
    public long Frames { get; private set; }

    public SceneLog Scene { get; } = new();

    public void Add(PipelineOutput output, int frames)
    {
        Crossings.AddRange(output.Crossings);
        Passages.AddRange(output.Passages);
        Frames += frames;
    }

    /// <summary>In order of time; the same crossings always come in the same order.</summary>
    public IEnumerable<Crossing> InOrder() => Crossings
        .OrderBy(c => c.Time).ThenBy(c => c.Track).ThenBy(c => c.Gate.Value, StringComparer.Ordinal).ThenBy(c => c.Direction);

    public static double Seconds(DateTimeOffset time) => (time - Start).TotalSeconds;
}
