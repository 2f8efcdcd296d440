using TrafficFlow.Core.Incidents;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Wire.Topics;

/// <summary>Incidents, as they are reported, published and read back.</summary>
internal static class IncidentsWire
{
    public static readonly IReadOnlyList<WireLine> Lines =
    [
        WireLine.For<IncidentTold, Proto.IncidentTold>("incident-told-v1", Write, Read),
        WireLine.For<ReportIncidents, Proto.ReportIncidents>("report-incidents-v1", Write, Read),
        WireLine.For<IncidentsTaken, Proto.IncidentsTaken>("incidents-taken-v1", Write, Read),
        WireLine.For<GetIncidents, Proto.GetIncidents>("get-incidents-v1", m => new Proto.GetIncidents { Site = m.Site.Value }, w => new GetIncidents(new SiteId(w.Site))),
        WireLine.For<RecentIncidents, Proto.RecentIncidents>(
            "recent-incidents-v1", m => new Proto.RecentIncidents { Site = m.Site.Value, Incidents = { m.Incidents.Select(Write) } },
            w => new RecentIncidents(new SiteId(w.Site), [.. w.Incidents.Select(Read)])),
    ];

    private static Proto.IncidentTold Write(IncidentTold told) => new()
    {
        Site = told.Site.Value,
        Epoch = told.Epoch,
        Incident = Write(told.Incident),
        HeardTicks = WireValues.Ticks(told.HeardAt),
    };

    private static IncidentTold Read(Proto.IncidentTold w) => new(new SiteId(w.Site), w.Epoch, Read(w.Incident), WireValues.Time(w.HeardTicks));

    private static Proto.ReportIncidents Write(ReportIncidents report) => new()
    {
        Site = report.Site.Value,
        Camera = report.Junction.Value,
        Epoch = report.Epoch,
        Incidents = { report.Incidents.Select(Write) },
    };

    private static ReportIncidents Read(Proto.ReportIncidents w) => new(new SiteId(w.Site), new CameraId(w.Camera), w.Epoch, [.. w.Incidents.Select(Read)]);

    private static Proto.IncidentsTaken Write(IncidentsTaken taken) => new()
    {
        Site = taken.Site.Value,
        Epoch = taken.Epoch,
        Taken = { taken.Taken.Select(t => new Proto.IncidentRevision { Number = t.Number, Revision = t.Revision }) },
    };

    private static IncidentsTaken Read(Proto.IncidentsTaken w) =>
        new(new SiteId(w.Site), w.Epoch, [.. w.Taken.Select(t => new IncidentRevision(t.Number, t.Revision))]);

    private static Proto.Incident Write(Incident i)
    {
        var wire = new Proto.Incident
        {
            Number = i.Number,
            Revision = i.Revision,
            Kind = (int)i.Kind,
            Area = (int)i.Area,
            BeganTicks = WireValues.Ticks(i.BeganAt),
            UpdatedTicks = WireValues.Ticks(i.UpdatedAt),
            Confidence = i.Confidence,
            State = (int)i.State,
            Passed = i.Passed,
        };
        if (i.Approach is { } approach) wire.Approach = approach.Value;
        if (i.EndedAt is { } ended) wire.EndedTicks = WireValues.Ticks(ended);
        if (i.MetresFromGate is { } metres) wire.MetresFromGate = metres;
        if (i.LateralMetres is { } lateral) wire.LateralMetres = lateral;
        if (i.Expected is { } expected) wire.Expected = expected;
        return wire;
    }

    private static Incident Read(Proto.Incident? w) => w is null
        ? throw new System.Runtime.Serialization.SerializationException("an incident is missing")
        : new Incident(
            w.Number, w.Revision, WireValues.Enum<IncidentKind>(w.Kind), WireValues.Enum<IncidentArea>(w.Area), w.HasApproach ? new ApproachId(w.Approach) : null,
            WireValues.Time(w.BeganTicks), WireValues.Time(w.UpdatedTicks), w.Confidence)
        {
            State = WireValues.Enum<IncidentState>(w.State),
            EndedAt = WireValues.Time(w.HasEndedTicks, w.EndedTicks),
            MetresFromGate = w.HasMetresFromGate ? w.MetresFromGate : null,
            LateralMetres = w.HasLateralMetres ? w.LateralMetres : null,
            Passed = w.Passed,
            Expected = w.HasExpected ? w.Expected : null,
        };
}
