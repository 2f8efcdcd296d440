using TrafficFlow.Vault.Approvals;
using TrafficFlow.Vault.Inspections;
using TrafficFlow.Vault.Requests;
using TrafficFlow.Web.Alerts;

namespace TrafficFlow.Node.Settings;

/// <summary>How pictures are looked after: trafficflow.custody.</summary>
/// <param name="HolidaysFile">The own days of the calendar; null for national holidays alone.</param>
/// <param name="Mail">Null where nothing is told by mail.</param>
/// <param name="Webhook">Null where nothing is told so.</param>
public sealed record CustodySettings(
    ApprovalRules Approvals, IReadOnlyList<(InspectionPlan Plan, TimeZoneInfo Zone)> Inspections, RequestRules Requests, string? HolidaysFile = null, MailSettings? Mail = null, AlertWebhookSettings? Webhook = null)
{
    public static readonly CustodySettings Default = new(ApprovalRules.Default, [], RequestRules.Default);
}
