using TrafficFlow.Core.Incidents;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Server.Incidents;

/// <summary>
/// The last incidents of a site, and which of what is told of them is new. Repeated and late reports change nothing; an incident that is open and of which
/// nothing is heard any more counts as not watched until something is heard again. In memory, bounded. Pure.
/// </summary>
internal sealed class SiteIncidents(SiteId site, int most, TimeSpan silence)
{
    private sealed class Known(IncidentTold told)
    {
        public IncidentTold Told { get; set; } = told;
        public DateTimeOffset HeardAt { get; set; } = told.HeardAt;

        /// <summary>Told as not watched, because nothing was heard of it.</summary>
        public bool IsSilent { get; set; }
    }

    private readonly Dictionary<(long Epoch, long Number), Known> _known = [];

    public int Count => _known.Count;

    /// <summary>The newest first, as it was last told.</summary>
    public IEnumerable<IncidentTold> Recent => _known.Values.Select(k => k.Told).OrderByDescending(t => t.Incident.BeganAt).ThenByDescending(t => t.Incident.Number);

    /// <returns>What is to be published.</returns>
    public IReadOnlyList<IncidentTold> Hear(ReportIncidents report, DateTimeOffset now)
    {
        var told = new List<IncidentTold>();
        // An earlier run of the junction is over.
        foreach (var ((epoch, _), known) in _known)
        {
            if (epoch < report.Epoch && known is { IsSilent: false, Told.Incident.IsOpen: true }) told.Add(Silence(known, now));
        }

        foreach (var incident in report.Incidents)
        {
            var key = (report.Epoch, incident.Number);
            if (!_known.TryGetValue(key, out var known)) _known.Add(key, known = new Known(new IncidentTold(site, report.Epoch, incident, now)));
            else if (incident.Revision < known.Told.Incident.Revision || (incident.Revision == known.Told.Incident.Revision && !known.IsSilent))
            {
                known.HeardAt = now;
                continue;
            }

            (known.Told, known.HeardAt, known.IsSilent) = (new IncidentTold(site, report.Epoch, incident, now), now, false);
            told.Add(known.Told);
        }

        Evict();
        return told;
    }

    /// <summary>Open incidents of which nothing was heard for so long that the junction, or the way to it, must be down.</summary>
    public IReadOnlyList<IncidentTold> Unheard(DateTimeOffset now) =>
        [.. _known.Values.Where(k => k is { IsSilent: false, Told.Incident.IsOpen: true } && now - k.HeardAt > silence).ToList().Select(k => Silence(k, now))];

    /// <summary>The revision stays: the junction's next one is higher.</summary>
    private static IncidentTold Silence(Known known, DateTimeOffset now)
    {
        var incident = known.Told.Incident;
        known.IsSilent = true;
        return known.Told = known.Told with { Incident = incident with { State = IncidentState.NotWatched, EndedAt = incident.UpdatedAt }, HeardAt = now };
    }

    private void Evict()
    {
        while (_known.Count > most)
            _known.Remove(_known.OrderBy(k => k.Value.Told.Incident.IsOpen).ThenBy(k => k.Value.Told.HeardAt).ThenBy(k => k.Key).First().Key);
    }
}
