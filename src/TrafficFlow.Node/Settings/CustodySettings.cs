using TrafficFlow.Web.Alerts;

namespace TrafficFlow.Node.Settings;

/// <summary>How a node keeps the registers of custody: trafficflow.custody. What is asked for at a site (two persons, inspections, terms of requests) stands in the site's file.</summary>
/// <param name="RequestOpen">A request for a second person that nobody has answered lapses then.</param>
/// <param name="ApprovalValid">An approval that is not used lapses then.</param>
/// <param name="KeepContact">Names and addresses of requesters are deleted so long after the request was closed.</param>
/// <param name="Mail">Null where nothing is told by mail.</param>
/// <param name="Webhook">Null where nothing is told so.</param>
public sealed record CustodySettings(TimeSpan RequestOpen, TimeSpan ApprovalValid, TimeSpan KeepContact, MailSettings? Mail = null, AlertWebhookSettings? Webhook = null)
{
    public static readonly CustodySettings Default = new(TimeSpan.FromDays(7), TimeSpan.FromHours(24), TimeSpan.FromDays(180));
}
