using TrafficFlow.Core;
using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Scene;
using TrafficFlow.Node.Count.Film;

namespace TrafficFlow.Node.Count;

/// <summary>All that was counted in a recording.</summary>
/// <param name="zero">Event time of its first frame.</param>
public sealed class CountTally(DateTimeOffset zero)
{
    private IntervalSet _doubtful = IntervalSet.Empty;

    public List<Crossing> Crossings { get; } = [];
    public List<FlowPassage> Passages { get; } = [];
    public long Frames { get; private set; }

    public SceneLog Scene { get; } = new();

    /// <summary>Times whose pictures are damaged or missing, sorted.</summary>
    public IReadOnlyList<VideoFault> Faults { get; private set; } = [];

    /// <summary>When counts cannot be trusted fully: the scene was not as in the first seconds, or what else <see cref="Doubt"/> was told.</summary>
    public IntervalSet Degraded => IntervalSet.Of(
        [.. _doubtful.Intervals, .. Scene.Events.Where(e => e.Verdict.IsDegraded).Select(e => new Interval(At(e.From), At(e.To).AddTicks(1)))]);

    /// <summary>What was written of the pictures, and how much of it is coarse.</summary>
    public List<WrittenPictures> Pictures { get; } = [];

    public void Add(PipelineOutput output, int frames)
    {
        Crossings.AddRange(output.Crossings);
        Passages.AddRange(output.Passages);
        Frames += frames;
    }

    public void See(DateTimeOffset time, in SceneVerdict verdict) => Scene.Add(Seconds(time), verdict);

    /// <summary>What is wrong with the recording; where its pictures are damaged, counts are in doubt.</summary>
    public void Take(IReadOnlyList<VideoFault> faults)
    {
        Faults = faults;
        foreach (var fault in faults.Where(f => f.Kind == VideoFaultKind.Damaged && f.To > f.From)) Doubt(new Interval(zero + fault.From, zero + fault.To));
    }

    /// <summary>Counts of this time cannot be trusted fully.</summary>
    public void Doubt(Interval interval) => _doubtful = _doubtful.Add(interval);

    /// <summary>In order of time; the same crossings always come in the same order.</summary>
    public IEnumerable<Crossing> InOrder() => Crossings
        .OrderBy(c => c.Time).ThenBy(c => c.Track).ThenBy(c => c.Gate.Value, StringComparer.Ordinal).ThenBy(c => c.Direction);

    /// <summary>From the first frame.</summary>
    public double Seconds(DateTimeOffset time) => (time - zero).TotalSeconds;

    private DateTimeOffset At(double seconds) => zero + TimeSpan.FromSeconds(seconds);
}
