namespace TrafficFlow.Web.Feeds;

/// <summary>Where feeds may be sent over HTTP.</summary>
public static class FeedAddress
{
    /// <returns>Null where one may; else why not, to follow the address.</returns>
    public static string? WhyNot(Uri url) => OutgoingHttp.WhyNot(url);
}
