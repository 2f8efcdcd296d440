namespace TrafficFlow.Simulation;

/// <summary>
/// What besides driving vehicles is on the street: who walks and what stands about. Nobody counts it; it is there to make a picture as hard
/// as a real one. Nothing of it by default, and then the traffic is the same as if this did not exist.
/// </summary>
public sealed record StreetSettings
{
    public static readonly StreetSettings Empty = new();

    /// <summary>A shopping street: dozens of people, a dozen parked vehicles, a delivery every five minutes.</summary>
    public static readonly StreetSettings Lively = new() { PedestriansPerHour = 1200, CyclistsPerHour = 160, Parked = 14, DeliveriesPerHour = 12 };

    /// <summary>People who come on foot, over all pavements together; each is there for some two minutes.</summary>
    public double PedestriansPerHour { get; init; }

    /// <summary>Part of the people who come in company, 0..1: by twos and threes, and now and then a class of six.</summary>
    public double InCompany { get; init; } = 0.5;

    /// <summary>Part of those on foot who also cross on red when no vehicle comes, 0..1.</summary>
    public double CrossOnRed { get; init; } = 0.25;

    /// <summary>Cyclists who ride along the kerb and straight on or left through the junction, over all approaches together.</summary>
    public double CyclistsPerHour { get; init; }

    /// <summary>Vehicles that stand at the kerb and on pavements all the time, as far as there is room.</summary>
    public int Parked { get; init; }

    /// <summary>Part of the parked vehicles that stand on a pavement, 0..1; the others reach into the kerb lane.</summary>
    public double ParkedOnPavement { get; init; } = 0.3;

    /// <summary>Goods vehicles that stop in their lane for 20 to 60 seconds, over all arms together.</summary>
    public double DeliveriesPerHour { get; init; }

    internal IEnumerable<string> Errors()
    {
        if (PedestriansPerHour is not (>= 0 and <= 6000)) yield return "street: pedestrians per hour must be 0..6000";
        if (CyclistsPerHour is not (>= 0 and <= 1200)) yield return "street: cyclists per hour must be 0..1200";
        if (Parked is not (>= 0 and <= 80)) yield return "street: parked vehicles must be 0..80";
        if (ParkedOnPavement is not (>= 0 and <= 1)) yield return "street: the part parked on pavements must be 0..1";
        if (DeliveriesPerHour is not (>= 0 and <= 120)) yield return "street: deliveries per hour must be 0..120";
        if (InCompany is not (>= 0 and <= 1)) yield return "street: the part in company must be 0..1";
        if (CrossOnRed is not (>= 0 and <= 1)) yield return "street: the part that crosses on red must be 0..1";
    }
}
