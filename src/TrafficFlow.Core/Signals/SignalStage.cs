using System.Collections.Immutable;

namespace TrafficFlow.Core.Signals;

/// <summary>
/// A stage (現示): some groups have green together. Those that have green in the next stage too keep it in between; the others get amber, then red,
/// and what is left of the time until the next stage is all-red.
/// </summary>
/// <param name="Groups">Names of those that have green.</param>
/// <param name="GreenSeconds">From the begin of the stage until the first of its groups may get amber.</param>
/// <param name="AmberSeconds">Of the groups that end with it.</param>
/// <param name="AllRedSeconds">After the amber.</param>
public sealed record SignalStage(string Name, ImmutableArray<string> Groups, double GreenSeconds, double AmberSeconds, double AllRedSeconds)
{
    /// <summary>For so long before the stage's green ends nobody on foot begins to cross: their green flashes (歩行者青点滅).</summary>
    public double PedestrianClearanceSeconds { get; init; }

    /// <summary>From its begin to that of the next stage.</summary>
    public double SplitSeconds => GreenSeconds + AmberSeconds + AllRedSeconds;

    public bool Equals(SignalStage? other) =>
        other is not null && Name == other.Name && Groups.AsSpan().SequenceEqual(other.Groups.AsSpan()) && GreenSeconds.Equals(other.GreenSeconds)
        && AmberSeconds.Equals(other.AmberSeconds) && AllRedSeconds.Equals(other.AllRedSeconds)
        && PedestrianClearanceSeconds.Equals(other.PedestrianClearanceSeconds);

    public override int GetHashCode() => HashCode.Combine(Name, Groups.Length, GreenSeconds, AmberSeconds, AllRedSeconds);
}
