using TrafficFlow.Core.Sites;

namespace TrafficFlow.Web.Formats.Jartic;

/// <summary>A cross-section of one arm, as JARTIC's table names it: who arrives on the arm goes one way through it, who leaves on it the other.</summary>
/// <param name="Code">常時観測点コード: the number that the road's administrator gave it.</param>
public sealed record JarticStation(ApproachId Approach, string Code)
{
    /// <summary>上り is who enters the junction by the arm; else who exits on it.</summary>
    public bool UpIsEntering { get; init; } = true;

    /// <summary>道路種別: 1 expressway, 3 national highway; null for others, which JARTIC does not number.</summary>
    public int? RoadType { get; init; }

    /// <summary>地方整備局等番号: 81 Hokkaido … 90 Okinawa; null where none is responsible.</summary>
    public int? Bureau { get; init; }

    /// <summary>開発建設部／都道府県コード: Hokkaido and Chubu only.</summary>
    public string SubRegion { get; init; } = "";

    /// <summary>A station for each arm of a site, without official numbers: SITE-APPROACH for a code.</summary>
    public static IReadOnlyList<JarticStation> Of(Site site) => [.. site.Approaches.Select(a => new JarticStation(a.Id, $"{site.Id}-{a.Id}"))];
}
