using System.Globalization;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Custody;
using TrafficFlow.Web.Pages.Notices;

namespace TrafficFlow.Node.Notices;

/// <summary>Whether what is published of a site is what is in force.</summary>
internal static class NoticeFinding
{
    private const string Remedy = "look at it with trafficflow notice, then trafficflow notice publish, and put up the new sign";

    /// <param name="site">With a custody section: it always asks for a notice.</param>
    public static CustodyFinding Of(Site site, NoticeDesk desk)
    {
        try
        {
            var standing = desk.Standing(site);
            return Found(standing.IsCurrent, Text(standing));
        }
        catch (IOException e)
        {
            return Found(false, e.Message);
        }

        CustodyFinding Found(bool isMet, string text) => new(site.Id, CustodyRule.Notice, "notice", Requirement.Warn, isMet, text);
    }

    private static string Text(NoticeStanding standing)
    {
        if (standing.Published is not { } published) return $"no notice of this site was published: {Remedy}";
        var version = string.Create(CultureInfo.InvariantCulture, $"version {published.Version} of {published.PublishedAt:yyyy-MM-dd}");
        if (standing.Altered.Count > 0) return $"files of {version} are not as they were published ({string.Join(", ", standing.Altered)}): bring them back from a backup, or publish anew";
        return standing.Changed.Count == 0 ? $"{version} tells what is in force" : $"{string.Join(", ", standing.Changed)} changed since {version}: {Remedy}";
    }
}
