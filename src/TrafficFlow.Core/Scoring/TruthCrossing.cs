using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Scoring;

/// <summary>One vehicle that really passed a gate, as a person judged it.</summary>
/// <param name="TimeSeconds">Seconds from the start of the recording.</param>
/// <param name="Class">Null where nobody judged it.</param>
/// <param name="Size">Unknown where nobody judged it.</param>
/// <param name="IsOptional">Counting it is right, and so is not counting it: it stands astride the gate at the recording's edge.</param>
public sealed record TruthCrossing(
    GateId Gate,
    CrossingDirection Direction,
    double TimeSeconds,
    VehicleClass? Class = null,
    VehicleSize Size = VehicleSize.Unknown,
    bool IsOptional = false)
{
    /// <summary>Nobody judged the direction: then those of its gate are not told apart, on either side.</summary>
    public bool IsAnyDirection { get; init; }

    /// <summary>Unknown where nobody judged it.</summary>
    public VehicleColour Colour { get; init; }

    /// <summary>Where the vehicle came from and went to, in whatever words both sides use; null where nobody judged it.</summary>
    public string? Movement { get; init; }

    /// <summary>Day, dusk, night, rain or another word; null where nobody said.</summary>
    public string? Lighting { get; init; }

    /// <summary>Null where it was not measured.</summary>
    public double? SpeedKmh { get; init; }
}

/// <summary>One row of a crossings.csv: what was counted, without what scoring does not read.</summary>
/// <param name="TimeSeconds">Seconds from the start of the recording.</param>
public sealed record CountedCrossing(
    GateId Gate,
    CrossingDirection Direction,
    double TimeSeconds,
    VehicleClass Class = VehicleClass.Unclassified,
    VehicleSize Size = VehicleSize.Unknown)
{
    public VehicleColour Colour { get; init; }

    /// <summary>Null where the count does not tell.</summary>
    public string? Movement { get; init; }

    public double? SpeedKmh { get; init; }
}
