namespace TrafficFlow.Core.Incidents;

/// <summary>When something is an incident. Each says where it comes from; none was fitted to a clip.</summary>
public sealed record IncidentSettings
{
    public static readonly IncidentSettings Default = new();

    /// <summary>A vehicle stands below this speed, km/h, and drives again above <see cref="DrivesAboveKmh"/>: as for queues (domain.md).</summary>
    public double StandsBelowKmh { get; init; } = 5;

    /// <summary>Km/h.</summary>
    public double DrivesAboveKmh { get; init; } = 10;

    /// <summary>What jitters within this has not moved, metres; as for queues.</summary>
    public double SamePlaceMetres { get; init; } = 3;

    /// <summary>Who stands or crawls so near ahead, bumper to bumper, is the reason for standing; and so near the stop line the signal is. Metres, as for queues.</summary>
    public double GapMetres { get; init; } = 20;

    /// <summary>Who has not come so far while it was watched has not driven: parked since before, or the piece of a track, metres...</summary>
    public double LeastWayMetres { get; init; } = 5;

    /// <summary>...unless others drove over its place so shortly before that it cannot have stood there, seconds: some cycles.</summary>
    public double DrivenOverSeconds { get; init; } = 180;

    /// <summary>With a free road ahead nobody stands so long without a reason of its own, seconds: two of the longest times that drivers in a queue take to start after each other and then some.</summary>
    public double FreeRoadSeconds { get; init; } = 20;

    /// <summary>The same where <see cref="FewestPassing"/> others have gone past meanwhile.</summary>
    public double PassedSeconds { get; init; } = 10;

    /// <summary>One that goes past may change lanes anyway; two do not.</summary>
    public int FewestPassing { get; init; } = 2;

    /// <summary>At the stop line: longer than nearly any red, seconds, as what is parked for queues; and longer than anybody has waited there, see <see cref="HabitFactor"/>...</summary>
    public double LongestRedSeconds { get; init; } = 300;

    /// <summary>...once so many have: that one of them came at the begin of red.</summary>
    public int RedStands { get; init; } = 10;

    /// <summary>Inside the junction, until <see cref="KnownAfterVehicles"/> have passed and it is known how long those who turn wait there, seconds: half a long cycle.</summary>
    public double UnknownTurnSeconds { get; init; } = 60;

    /// <summary>So many vehicles tell how long those wait who have to wait: a tenth of them or so.</summary>
    public int KnownAfterVehicles { get; init; } = 200;

    /// <summary>A place at which so many have stood and driven on within <see cref="HabitHours"/> is one where vehicles stand: a bus stop, a loading bay, those who wait to turn...</summary>
    public int HabitStands { get; init; } = 3;

    /// <summary>...and an incident there is what stands so many times longer than the longest of them.</summary>
    public double HabitFactor { get; init; } = 1.5;

    public double HabitHours { get; init; } = 3;

    /// <summary>Stands within this of each other are at the same place, metres: one vehicle's length.</summary>
    public double HabitMetres { get; init; } = 6;

    /// <summary>Against the direction of the lane over so much way, metres: longer than a reversing parker or a u-turn takes, and than one vehicle is overtaken in.</summary>
    public double WrongWayMetres { get; init; } = 25;

    /// <summary>And faster than anybody reverses, km/h.</summary>
    public double WrongWayKmh { get; init; } = 15;

    /// <summary>A drop is tested against this rate, as a share of the usual one: a road that is closed leaves a trickle. What halves is traffic that ebbs.</summary>
    public double DropShare { get; init; } = 0.2;

    /// <summary>A false drop of an approach with Poisson arrivals, each so many hours of testing: less than once a month.</summary>
    public double HoursPerFalseDrop { get; init; } = 1000;

    /// <summary>The usual rate is that of so many minutes of watching before.</summary>
    public double UsualMinutes { get; init; } = 20;

    /// <summary>And is known after so many minutes: several cycles...</summary>
    public double LeastUsualMinutes { get; init; } = 10;

    /// <summary>...and so many vehicles: its error is then below a fifth.</summary>
    public int LeastUsualVehicles { get; init; } = 30;

    /// <summary>A camera that has given no frame for so long does not watch, seconds.</summary>
    public double WatchesSeconds { get; init; } = 3;

    /// <summary>A vehicle that is not seen, though its cameras watch, has gone after so long, seconds: a bus hides it for a while; as for journeys.</summary>
    public double UnseenSeconds { get; init; } = 30;

    /// <summary>Incidents that are open at once; more than these are trouble of another kind.</summary>
    public int MostOpen { get; init; } = 64;
}
