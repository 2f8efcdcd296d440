namespace TrafficFlow.Simulation;

/// <summary>
/// What besides driving vehicles is on the street: who walks and what stands about. Nobody counts it; it is there to make a picture as hard
/// as a real one. Nothing of it by default, and then the traffic is the same as if this did not exist.
/// </summary>
public sealed record StreetSettings
{
    public static readonly StreetSettings Empty = new();

    /// <summary>A shopping street: some forty people in sight of the junction.</summary>
    public static readonly StreetSettings Lively = new() { PedestriansPerHour = 1200 };

    /// <summary>People who come on foot, over all pavements together; each is there for some two minutes.</summary>
    public double PedestriansPerHour { get; init; }

    /// <summary>Part of the people who come in company, 0..1: by twos and threes, and now and then a class of six.</summary>
    public double InCompany { get; init; } = 0.5;

    /// <summary>Part of those on foot who also cross on red when no vehicle comes, 0..1.</summary>
    public double CrossOnRed { get; init; } = 0.25;

    internal IEnumerable<string> Errors()
    {
        if (PedestriansPerHour is not (>= 0 and <= 6000)) yield return "street: pedestrians per hour must be 0..6000";
        if (InCompany is not (>= 0 and <= 1)) yield return "street: the part in company must be 0..1";
        if (CrossOnRed is not (>= 0 and <= 1)) yield return "street: the part that crosses on red must be 0..1";
    }
}
