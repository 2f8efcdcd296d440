using TrafficFlow.Core.Workdays;
using TrafficFlow.Vault.Approvals;
using TrafficFlow.Vault.Inspections;
using TrafficFlow.Vault.Persons;
using TrafficFlow.Vault.Policies;
using TrafficFlow.Vault.Requests;

namespace TrafficFlow.Web.Pages.Custody;

/// <summary>The registers of custody of a node, for its pages.</summary>
/// <param name="Segments">Null where nothing is recorded.</param>
/// <param name="Erasure">Null where nothing is recorded.</param>
public sealed record CustodyBooks(PersonStore Persons, ApprovalStore Approvals, InspectionStore Inspections, RequestStore Requests, IRecordedSegments? Segments = null, IErasureDesk? Erasure = null)
{
    /// <summary>Of a site; that of the first site for what is of none, that of Japan where there is no site.</summary>
    public Func<string, TimeZoneInfo> Zone { get; init; } = _ => TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo");

    /// <summary>Working days of a site.</summary>
    public Func<string, WorkCalendar> Calendar { get; init; } = _ => WorkCalendar.National;

    /// <summary>What the files of sites ask for, and what they asked for before.</summary>
    public required PolicyStore Policies { get; init; }

    /// <summary>How far dismissals have come at the other nodes of the cluster; empty where nobody was dismissed, or there is none.</summary>
    public Func<IReadOnlyList<NodeDismissals>> Elsewhere { get; init; } = () => [];

    /// <summary>What keeps it from being as it should be, for the pages; null while all is well.</summary>
    public Func<string?> Problem { get; init; } = () => null;
}
