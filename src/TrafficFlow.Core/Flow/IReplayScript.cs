using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Flow;

/// <summary>One entry of a replay script: a vehicle or a coverage.</summary>
/// <param name="Sequence">1, 2, 3, ...</param>
/// <param name="Time">Event time from which the entry is known: of a vehicle its own, of a coverage its end.</param>
public readonly record struct ReplayScriptEntry(long Sequence, DateTimeOffset Time, CountedVehicle? Vehicle, Coverage? Coverage);

/// <summary>
/// All that a camera will ever count and cover, known beforehand: what a replay camera plays. The same script always has the same entries,
/// and it can be read from any of them on, so that a reader that was interrupted goes on exactly where it was.
/// </summary>
public interface IReplayScript
{
    /// <summary>Names the content: scripts of one name have the same entries.</summary>
    string Name { get; }

    Provenance Provenance { get; }

    /// <summary>The approaches that get the coverage.</summary>
    IReadOnlyList<ApproachId> Feeds { get; }

    /// <summary>Event time at which the script begins.</summary>
    DateTimeOffset Start { get; }

    /// <summary>How fast it is to be played: seconds of event time in one second.</summary>
    double Speed { get; }

    /// <summary>The entries in order, from <paramref name="sequence"/> on; without end unless the script has one.</summary>
    IEnumerable<ReplayScriptEntry> From(long sequence);
}

/// <summary>Makes the script of a camera whose source is one.</summary>
public interface IReplayScriptFactory
{
    /// <exception cref="ReplayScriptException">What the source names cannot be read.</exception>
    ValueTask<IReplayScript> OpenAsync(Site site, CameraSetup camera, CancellationToken cancellation);
}

/// <summary>A replay script cannot be made; the message says where the fault is and what to do.</summary>
public sealed class ReplayScriptException(string message, Exception? inner = null) : Exception(message, inner);
