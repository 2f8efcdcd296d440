using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Incidents;

/// <summary>The incidents that are open: numbers them, and decides when there is something new to tell. Pure.</summary>
internal sealed class IncidentBook(IncidentSettings settings)
{
    // Smaller changes are of no use to anybody who looks.
    private const double ToldChange = 0.1;

    private readonly Dictionary<long, Incident> _open = [];
    private long _next = 1;

    public IReadOnlyCollection<Incident> Open => _open.Values;

    public Incident? Find(long number) => _open.GetValueOrDefault(number);

    /// <returns>Null where too many are open already.</returns>
    public Incident? Begin(IncidentKind kind, Spot spot, DateTimeOffset beganAt, DateTimeOffset now, double confidence)
    {
        if (_open.Count >= settings.MostOpen) return null;
        var incident = new Incident(_next++, 1, kind, spot.Area, spot.Approach, beganAt, now, Rounded(confidence))
        {
            MetresFromGate = Rounded(spot.MetresFromGate),
            LateralMetres = Rounded(spot.LateralMetres),
        };
        _open.Add(incident.Number, incident);
        return incident;
    }

    public Incident? Find(IncidentKind kind, ApproachId approach) => _open.Values.FirstOrDefault(i => i.Kind == kind && i.Approach == approach);

    /// <returns>The next revision; null where it would say nothing new.</returns>
    public Incident? Update(long number, DateTimeOffset now, IncidentKind kind, double confidence, int passed, double? expected = null)
    {
        if (_open.GetValueOrDefault(number) is not { } known) return null;
        if (kind == known.Kind && Math.Abs(confidence - known.Confidence) < ToldChange) return null;
        return _open[number] = known with
        {
            Revision = known.Revision + 1,
            Kind = kind,
            Confidence = Rounded(confidence),
            UpdatedAt = now,
            Passed = passed,
            Expected = Rounded(expected),
        };
    }

    /// <returns>Its last revision; null where it is not open.</returns>
    public Incident? End(long number, DateTimeOffset now, IncidentState state, DateTimeOffset? endedAt = null) => !_open.Remove(number, out var known) ? null : known with
    {
        Revision = known.Revision + 1,
        UpdatedAt = now,
        State = state,
        EndedAt = endedAt ?? now,
    };

    /// <summary>With the count as it stands when it opens.</summary>
    public Incident With(Incident incident, int passed, double? expected = null) => _open[incident.Number] = incident with { Passed = passed, Expected = Rounded(expected) };

    private static double Rounded(double confidence) => Math.Round(Math.Clamp(confidence, 0, 1), 2);

    private static double? Rounded(double? metres) => metres is { } m ? Math.Round(m, 1) : null;
}
