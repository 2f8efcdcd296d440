using TrafficFlow.Core.Sites;
using TrafficFlow.Simulation.Troubles;

namespace TrafficFlow.Simulation;

/// <summary>How much traffic comes on one approach, and where it goes.</summary>
/// <param name="VehiclesPerHour">Mean of the Poisson arrivals, all classes together.</param>
/// <param name="LeftShare">Part that turns left, 0..1.</param>
/// <param name="RightShare">Part that turns right, 0..1; the rest goes through.</param>
public sealed record ApproachDemand(double VehiclesPerHour, double LeftShare, double RightShare)
{
    /// <summary>Other rates from some times on, in order; before the first it is <see cref="VehiclesPerHour"/>.</summary>
    public IReadOnlyList<DemandStep> Steps { get; init; } = [];

    public double ThroughShare => 1 - LeftShare - RightShare;
}

/// <summary>A demand from some time on.</summary>
/// <param name="FromSeconds">Since zero of the simulation.</param>
public sealed record DemandStep(double FromSeconds, double VehiclesPerHour);

/// <summary>The next vehicle that can stop there comes to a stand, and drives on later. Who comes behind it waits, as behind a delivery.</summary>
/// <param name="FromSeconds">Not before this, since zero of the simulation.</param>
/// <param name="Metres">Where its front comes to a stand along its way: below zero before the stop line.</param>
/// <param name="Seconds">For how long it stands.</param>
public sealed record Breakdown(ApproachId Approach, Turn Turn, double FromSeconds, double Metres, double Seconds);

/// <summary>Shares of the classes in the arriving traffic; need not sum to one.</summary>
public sealed record ClassMix(double PassengerCar, double LightGoods, double HeavyGoods, double Bus, double Motorcycle)
{
    public static readonly ClassMix Urban = new(0.70, 0.14, 0.08, 0.03, 0.05);
}

/// <summary>Fixed-time signal stages of both streets, in seconds.</summary>
/// <param name="AheadGreen">Green for left and through of two opposite approaches.</param>
/// <param name="RightGreen">Green arrow for the right turns of the same two approaches.</param>
/// <param name="Amber">Amber after each green.</param>
/// <param name="AllRed">All red after each amber.</param>
public sealed record SignalTimes(double AheadGreen, double RightGreen, double Amber, double AllRed)
{
    public static readonly SignalTimes Default = new(30, 10, 3, 2);

    /// <summary>Seconds until the stages repeat.</summary>
    public double Cycle => 2 * (AheadGreen + RightGreen + (2 * Amber) + (2 * AllRed));
}

/// <summary>What a simulated junction is like. Everything that changes the traffic is here, so equal settings give equal traffic.</summary>
public sealed record JunctionSettings
{
    public static readonly JunctionSettings Default = new();

    /// <summary>Reds of more than three minutes: queues of some forty vehicles stand on an approach.</summary>
    public static readonly JunctionSettings Jammed = new()
    {
        North = new(800, 0.15, 0.1),
        East = new(700, 0.15, 0.1),
        South = new(800, 0.15, 0.1),
        West = new(700, 0.15, 0.1),
        Signals = new SignalTimes(175, 10, 3, 2),
    };

    /// <summary>Which of the possible traffics it is.</summary>
    public int Seed { get; init; } = 1;

    public ApproachDemand North { get; init; } = new(500, 0.18, 0.14);
    public ApproachDemand East { get; init; } = new(380, 0.20, 0.20);
    public ApproachDemand South { get; init; } = new(460, 0.16, 0.16);
    public ApproachDemand West { get; init; } = new(360, 0.22, 0.18);

    public ClassMix Mix { get; init; } = ClassMix.Urban;
    public SignalTimes Signals { get; init; } = SignalTimes.Default;

    /// <summary>Any other plan or plans, instead of <see cref="Signals"/>; null for those.</summary>
    public SignalProgramme? Programme { get; init; }

    /// <summary>Mean time until the first driver in a queue reacts to green, seconds: each takes half to one and a half of it.</summary>
    public double StartUpSeconds { get; init; }

    /// <summary>Who walks and what stands about; nothing by default.</summary>
    public StreetSettings Street { get; init; } = StreetSettings.Empty;

    /// <summary>What goes wrong; nothing by default.</summary>
    public JunctionTroubles Troubles { get; init; } = JunctionTroubles.None;

    /// <summary>Vehicles that break down; none by default.</summary>
    public IReadOnlyList<Breakdown> Breakdowns { get; init; } = [];

    /// <summary>Mean speed that drivers wish for, km/h.</summary>
    public double DesiredSpeedKmh { get; init; } = 44;

    /// <summary>Simulated seconds before time zero, so that traffic is present from the start.</summary>
    public double WarmUpSeconds { get; init; } = 240;

    public ApproachDemand Demand(ApproachId approach) => approach.Value switch
    {
        "north" => North,
        "east" => East,
        "south" => South,
        "west" => West,
        _ => throw new ArgumentOutOfRangeException(nameof(approach), approach, "the junction has north, east, south and west"),
    };

    internal IJunctionSignals CreateSignals() => Programme is { } programme ? new ProgrammedSignals(programme, Seed, -WarmUpSeconds) : new SignalPlan(Signals);

    /// <exception cref="ArgumentException">Names every setting that makes no sense.</exception>
    public JunctionSettings Validated()
    {
        var errors = new List<string>();
        foreach (var approach in JunctionLayout.Approaches)
        {
            var demand = Demand(approach);
            Check(demand.VehiclesPerHour is >= 0 and <= 3600, $"{approach}: vehicles per hour must be 0..3600");
            Check(demand.Steps.All(s => s.VehiclesPerHour is >= 0 and <= 3600), $"{approach}: vehicles per hour must be 0..3600 at every time");
            Check(demand.Steps.Zip(demand.Steps.Skip(1)).All(s => s.First.FromSeconds < s.Second.FromSeconds), $"{approach}: demands must be in order of time");
            Check(demand is { LeftShare: >= 0, RightShare: >= 0, ThroughShare: >= -1e-9 }, $"{approach}: turning shares must be 0..1 and sum to at most 1");
        }

        Check(new[] { Mix.PassengerCar, Mix.LightGoods, Mix.HeavyGoods, Mix.Bus, Mix.Motorcycle } is var shares
            && shares.All(s => s >= 0) && shares.Sum() > 0, "class mix: shares must be >= 0 and one of them > 0");
        Check(Signals is { AheadGreen: >= 5, RightGreen: >= 4 }, "signals: greens must be at least 5 s (ahead) and 4 s (right)");
        Check(Signals is { Amber: >= 3, AllRed: >= 1 }, "signals: amber must be at least 3 s and all-red at least 1 s");
        Check(DesiredSpeedKmh is >= 20 and <= 60, "desired speed must be 20..60 km/h: amber and stages are made for that");
        Check(WarmUpSeconds is >= 0 and <= 3600, "warm-up must be 0..3600 s");
        Check(StartUpSeconds is >= 0 and <= 5, "start-up must be 0..5 s");
        Check(Breakdowns.All(b => b.Seconds is > 0 and <= 7200), "breakdowns: must last 0..7200 s");
        if (Programme is { } programme) errors.AddRange(programme.Errors());
        errors.AddRange(Street.Errors());
        errors.AddRange(Troubles.Errors());
        Check(Troubles.People.Count == 0 || Street.PedestriansPerHour > 0, "troubles: where numbers of people change, some must walk from the start");
        return errors.Count == 0 ? this : throw new ArgumentException(string.Join("; ", errors));

        void Check(bool isGood, string error)
        {
            if (!isGood) errors.Add(error);
        }
    }
}
