using TrafficFlow.Core.Incidents;

namespace TrafficFlow.Roadside.Cameras.Junctions;

/// <summary>
/// What a site's board of incidents has not answered yet, and what is open. Of each incident the newest revision alone: a link that is away for hours holds
/// up no more than there were incidents. Bounded: those that ended first go first. In memory: hints of before a crash are lost.
/// </summary>
internal sealed class UnreportedIncidents(int most)
{
    private readonly Dictionary<(long Epoch, long Number), Incident> _waiting = [];
    private readonly Dictionary<(long Epoch, long Number), Incident> _open = [];

    public int Waiting => _waiting.Count;

    public int Open => _open.Count;

    /// <returns>How many were dropped for it.</returns>
    public int Add(long epoch, Incident incident)
    {
        var key = (epoch, incident.Number);
        _waiting[key] = incident;
        if (incident.IsOpen) _open[key] = incident;
        else _open.Remove(key);
        var dropped = 0;
        for (; _waiting.Count > most; dropped++) _waiting.Remove(_waiting.OrderBy(w => w.Value.IsOpen).ThenBy(w => w.Value.UpdatedAt).First().Key);
        return dropped;
    }

    /// <summary>A run of the junction began, so whatever an earlier one left open is watched no more.</summary>
    /// <returns>How many were dropped for it.</returns>
    public int Begin(long epoch)
    {
        var dropped = 0;
        foreach (var ((of, _), incident) in _open.Where(o => o.Key.Epoch != epoch).ToList())
        {
            dropped += Add(of, incident with { Revision = incident.Revision + 1, State = IncidentState.NotWatched, EndedAt = incident.UpdatedAt });
        }

        return dropped;
    }

    /// <summary>The board has this revision.</summary>
    public void Taken(long epoch, long number, int revision)
    {
        if (_waiting.TryGetValue((epoch, number), out var waiting) && waiting.Revision <= revision) _waiting.Remove((epoch, number));
    }

    /// <summary>What is open is told again, so that a board that has begun anew learns of it, and one that hears nothing can say so.</summary>
    public void RepeatOpen()
    {
        foreach (var (key, incident) in _open) _waiting.TryAdd(key, incident);
    }

    /// <summary>What waits, by run, the oldest first.</summary>
    /// <param name="most">Of one run.</param>
    public IEnumerable<(long Epoch, IReadOnlyList<Incident> Incidents)> Next(int most) =>
        _waiting.GroupBy(w => w.Key.Epoch).OrderBy(g => g.Key).Select(g => (g.Key, (IReadOnlyList<Incident>)[.. g.Select(w => w.Value).OrderBy(i => i.UpdatedAt).Take(most)]));
}
