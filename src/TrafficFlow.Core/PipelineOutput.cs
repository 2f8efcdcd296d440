using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Tracking;

namespace TrafficFlow.Core;

/// <summary>What one step of a camera's pipeline brought. Reused from step to step: read it before the next one.</summary>
public sealed class PipelineOutput
{
    /// <summary>Crossings that became final in this step, in order of time; their time may lie before this step's.</summary>
    public List<Crossing> Crossings { get; } = [];

    /// <summary>Flow passages that became final in this step.</summary>
    public List<FlowPassage> Passages { get; } = [];

    /// <summary>The tracks that are in the picture now, for drawing.</summary>
    public List<TrackView> Tracks { get; } = [];

    /// <summary>Riders on two wheels that are not known to be motorcycles, on the ground: for what joins several cameras.</summary>
    public List<TrackView> Riders { get; } = [];

    /// <summary>Gates of the whole site that were passed, any camera's, for what joins several cameras.</summary>
    public List<LocalPassage> LocalPassages { get; } = [];

    /// <summary>Number of the picture of this step.</summary>
    public long Frame { get; internal set; }

    /// <summary>Every crossing before this event time has been given out: coverage may reach up to here.</summary>
    public DateTimeOffset Watermark { get; internal set; }

    /// <summary>For a frame that nobody looked at: the tracks stay where they were seen last.</summary>
    public void ClearEvents()
    {
        Crossings.Clear();
        Passages.Clear();
        LocalPassages.Clear();
    }

    internal void Clear()
    {
        ClearEvents();
        Tracks.Clear();
        Riders.Clear();
    }
}
