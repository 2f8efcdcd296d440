namespace TrafficFlow.Core.Junctions;

/// <summary>
/// The junction's balance: every vehicle that entered has left or is inside. One that left and was never seen to enter, or entered and was
/// never seen to leave, is what the cameras missed.
/// </summary>
/// <param name="Whole">Seen to enter and to leave.</param>
/// <param name="Lost">Seen to enter, not to leave.</param>
/// <param name="Appeared">Seen to leave, not to enter.</param>
/// <param name="Inside">Have entered and are still followed.</param>
public sealed record Conservation(long Whole, long Lost, long Appeared, int Inside)
{
    public static readonly Conservation Empty = new(0, 0, 0, 0);

    public long Entered => Whole + Lost + Inside;

    public long Left => Whole + Appeared;

    /// <summary>Share of the ended journeys of which one end is unknown, 0..1.</summary>
    public double ViolationShare => Whole + Lost + Appeared is var all and > 0 ? (double)(Lost + Appeared) / all : 0;
}

/// <summary>Keeps the balance over the recent journeys, so that a camera that begins to miss vehicles is noticed and one that recovers too.</summary>
internal sealed class ConservationWatch
{
    private readonly Queue<(double Time, bool IsWhole)> _recent = new();
    private int _broken;

    /// <summary>How far back it looks, seconds.</summary>
    public const double WindowSeconds = 600;

    /// <summary>Cameras that see well miss so many; more, beyond what chance makes of it, is a violation.</summary>
    public const double AllowedShare = 0.1;

    private const double Deviations = 2;

    /// <summary>Fewer say nothing.</summary>
    public const int LeastJourneys = 20;

    public double BrokenShare => _recent.Count == 0 ? 0 : (double)_broken / _recent.Count;

    public bool IsViolated =>
        _recent.Count >= LeastJourneys
        && _broken > (AllowedShare * _recent.Count) + (Deviations * Math.Sqrt(AllowedShare * (1 - AllowedShare) * _recent.Count));

    public void Add(double now, bool isWhole)
    {
        _recent.Enqueue((now, isWhole));
        if (!isWhole) _broken++;
    }

    /// <summary>Forgets what lies farther back than it looks, also on an empty road.</summary>
    public void Forget(double now)
    {
        while (_recent.TryPeek(out var oldest) && oldest.Time < now - WindowSeconds)
        {
            _recent.Dequeue();
            if (!oldest.IsWhole) _broken--;
        }
    }
}
