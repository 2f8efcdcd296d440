namespace TrafficFlow.Analysis.Congestion;

public enum CongestionLevel
{
    /// <summary>Nobody watched long enough, or what lies beyond sight decides it.</summary>
    Unknown = 0,

    Free = 1,

    /// <summary>混雑.</summary>
    Slow = 2,

    /// <summary>渋滞.</summary>
    Congested = 3,
}

/// <summary>Below which speed traffic is called congested: the limits of a public body, by name, so that a level can be compared with what that body publishes.</summary>
/// <param name="CongestedKmh">At or below this mean speed: congested.</param>
/// <param name="SlowKmh">At or below this: slow; null where the body knows no such level.</param>
/// <param name="FreeFlowKmh">What is driven on such roads where nothing holds anybody up.</param>
public sealed record CongestionProfile(string Name, double CongestedKmh, double? SlowKmh, double FreeFlowKmh)
{
    /// <summary>Japan Road Traffic Information Center, ordinary roads.</summary>
    public static readonly CongestionProfile JarticOrdinary = new("jartic-ordinary", 10, 20, 40);

    /// <summary>Japan Road Traffic Information Center, urban expressways.</summary>
    public static readonly CongestionProfile JarticUrbanExpressway = new("jartic-urban-expressway", 20, 40, 60);

    /// <summary>Traffic control of the police, ordinary roads.</summary>
    public static readonly CongestionProfile PoliceOrdinary = new("police-ordinary", 20, null, 40);

    public static readonly IReadOnlyList<CongestionProfile> All = [JarticOrdinary, JarticUrbanExpressway, PoliceOrdinary];

    /// <exception cref="ArgumentException">There is none of this name: the message lists those that there are.</exception>
    public static CongestionProfile Named(string name) =>
        All.FirstOrDefault(p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException($"there is no congestion profile \"{name}\": {string.Join(", ", All.Select(p => p.Name))}", nameof(name));

    public CongestionLevel LevelOf(double? speedKmh) => speedKmh switch
    {
        null => CongestionLevel.Unknown,
        var speed when speed <= CongestedKmh => CongestionLevel.Congested,
        var speed when speed <= SlowKmh => CongestionLevel.Slow,
        _ => CongestionLevel.Free,
    };
}
