using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Tables;
using TrafficFlow.Synthetic;

namespace TrafficFlow.SystemTests.Web.Browser.Matrix;

/// <summary>The states in which every page has to look good: heavy traffic, one camera blind, nothing counted ever, and a site that nobody surveyed.</summary>
internal static class MatrixSites
{
    private static readonly CustodyPolicy s_custody = new(
        new OperatorContact(new BilingualText("本町通り交通計測協議会", "Honmachi Traffic Measurement Council"), Telephone: "044-000-0000", Web: "https://honmachi.example/traffic"), [new BilingualText("交差点の交通量の計測", "counting traffic at the junction")])
    {
        TwoPersons = TwoPersonRule.Both,
        Retention = RetentionPolicy.Unlimited with { Pictures = new KeepRule(TimeSpan.FromDays(14), null) },
    };

    public static readonly Site Heavy = Of("honmachi", "本町通り・駅前通り交差点", "本町通り 北", "駅前通り 東", "本町通り 南", "駅前通り 西") with { Custody = s_custody };

    public static readonly Site Blind = Of("riverside", "Riverside Road and Old Bridge Street, northern junction", "Riverside Road, northern arm", "Old Bridge Street, eastern arm", "Riverside Road, southern arm", "Old Bridge Street, western arm") with { Custody = s_custody };

    public static readonly Site Empty = Of("minato", "港町三丁目", "北", "東", "南", "西");

    public static readonly Site Unsurveyed = Of("elm", "Elm Street", "north", "east", "south", "west") is var site ? site with { Cameras = [.. site.Cameras.Select(c => c with { Plane = null, Ground = [] })] } : null!;

    public static readonly IReadOnlyList<Site> All = [Heavy, Blind, Empty, Unsurveyed];

    /// <summary>The camera that is blind, and the approach that it alone enters.</summary>
    public static readonly (CameraId Camera, ApproachId Approach) Covered = (Blind.Cameras[0].Id, Blind.Approaches[0].Id);

    public static async Task WriteAsync(FlowTables tables, DateTimeOffset now)
    {
        var today = TimeZoneInfo.ConvertTime(now, Heavy.TimeZone);
        var from = new DateTimeOffset(today.Date.AddDays(-1), today.Offset);
        var span = new Interval(from, new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.FromMinutes(5).Ticks), TimeSpan.Zero));
        await CountedDays.WriteAsync(tables, Heavy, span, (_, _) => BinQuality.Complete);
        await CountedDays.WriteAsync(tables, Blind, span, Watched);
        await CountedDays.WriteJourneysAsync(tables, Heavy, from.AddHours(8));
        await CountedDays.WriteJourneysAsync(tables, Heavy, now.AddHours(-1));
    }

    /// <summary>The covered camera's approach since yesterday noon, and another one that was degraded in the morning.</summary>
    public static BinQuality Watched(ApproachId approach, DateTimeOffset start)
    {
        var local = TimeZoneInfo.ConvertTime(start, Blind.TimeZone);
        if (approach == Covered.Approach) return local.Hour is >= 12 || local.Date >= TimeZoneInfo.ConvertTime(DateTimeOffset.UtcNow, Blind.TimeZone).Date ? BinQuality.Blind : BinQuality.Complete;
        return approach == Blind.Approaches[2].Id && local.Hour is >= 6 and < 9 ? BinQuality.Degraded : BinQuality.Complete;
    }

    private static Site Of(string id, string name, params string[] arms)
    {
        var made = SyntheticJunction.Site;
        return made with { Id = new SiteId(id), Name = name, Approaches = [.. made.Approaches.Select((a, i) => a with { Name = arms[i] })] };
    }
}
