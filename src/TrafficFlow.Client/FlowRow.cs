using System.Text.Json;

namespace TrafficFlow.Client;

/// <param name="TimeZone">IANA name.</param>
public sealed record SiteInfo(string Id, string Name, string TimeZone);

/// <param name="IsKept">Its events have places, and can be gone on from.</param>
public sealed record TopicInfo(string Topic, bool IsKept, string Holds);

/// <summary>One movement and class of one approach in one bin. A number that is missing is null, never zero.</summary>
/// <param name="Movement">entering, exiting, or "to EXIT".</param>
/// <param name="Start">Of the bin, included, with the offset of the site's clock.</param>
/// <param name="End">Of the bin, not included.</param>
/// <param name="BinMin">Length of the bin, minutes.</param>
/// <param name="Count">Vehicles; 0 means watched and empty.</param>
/// <param name="SpaceMeanSpeedKmh">Harmonic mean, km/h.</param>
/// <param name="Quality">complete, partial (a lower bound), degraded, blind, or missing (no such bin is stored).</param>
/// <param name="ObservedS">For how much of the bin all cameras of the approach watched, seconds.</param>
/// <param name="Coverage">The same as a share, 0 to 1.</param>
/// <param name="Revision">1 as the bin closed, more where late data changed it.</param>
/// <param name="State">counted, missing, suppressed, coarsened or pending: why there is no number.</param>
public sealed record FlowRow(
    string Site, string Approach, string Movement, string Class, DateTimeOffset Start, DateTimeOffset End, int BinMin,
    int? Count, int? Small, int? Large, int? SpeedSamples, double? SpaceMeanSpeedKmh, double? TimeMeanSpeedKmh,
    string Quality, double ObservedS, double Coverage, int? Revision, string State);

/// <summary>What came of a topic.</summary>
/// <param name="Place">To go on after it, also in another process; null where its topic is not kept.</param>
/// <param name="Value">A bin, a journey or the state of a camera, as the server writes it.</param>
public sealed record TopicEvent(string Topic, string? Place, JsonElement Value);
