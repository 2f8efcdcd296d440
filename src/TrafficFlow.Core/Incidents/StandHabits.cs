using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Core.Incidents;

/// <summary>
/// Where vehicles have stood and driven on by themselves: where several did, standing is usual, and an incident is what stands clearly longer. Pure, bounded.
/// </summary>
internal sealed class StandHabits(IncidentSettings settings)
{
    private const int MostStands = 500;

    // Shorter ones are in nobody's way.
    private const double LeastSeconds = 5;

    private readonly Queue<(DateTimeOffset Ended, GroundPoint Place, IncidentArea Area, double Seconds)> _stands = [];
    private int _passed;

    /// <summary>One has driven through the junction.</summary>
    public void Pass() => _passed = Math.Min(_passed + 1, settings.KnownAfterVehicles);

    /// <summary>How long those who turn wait inside is known, were it that nobody has to.</summary>
    public bool KnowsInside => _passed >= settings.KnownAfterVehicles;

    /// <param name="area">Who waits at the stop line says nothing of who stands just beyond it.</param>
    public void Add(DateTimeOffset ended, GroundPoint place, IncidentArea area, double seconds)
    {
        if (seconds < LeastSeconds) return;
        _stands.Enqueue((ended, place, area, seconds));
        while (_stands.Count > MostStands || (_stands.Count > 0 && (ended - _stands.Peek().Ended).TotalHours > settings.HabitHours)) _stands.Dequeue();
    }

    /// <summary>How long one has to stand there before it is unusual, seconds; zero where vehicles do not usually stand.</summary>
    /// <param name="least">So many tell.</param>
    public double Usual(DateTimeOffset now, GroundPoint place, IncidentArea area, int least)
    {
        var (count, longest) = (0, 0.0);
        foreach (var stand in _stands)
        {
            if (stand.Area != area || stand.Place.DistanceTo(place) > settings.HabitMetres || (now - stand.Ended).TotalHours > settings.HabitHours) continue;
            count++;
            longest = Math.Max(longest, stand.Seconds);
        }

        return count >= least ? longest * settings.HabitFactor : 0;
    }
}
