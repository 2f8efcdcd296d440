using System.Net;
using System.Text.RegularExpressions;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Notices;
using TrafficFlow.Core.Privacy;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Workdays;
using Xunit;

namespace TrafficFlow.Core.Tests.Notices;

public sealed partial class NoticeTests
{
    private static readonly CustodyPolicy s_policy = new(
        new OperatorContact(new("計測協議会", "Council"), new("計測担当", "Desk"), new("川崎区0-0", "0-0 Kawasaki-ku"), "044-000-0000", "a@b.example", "https://b.example/x"),
        [new("交通量の把握", "to know the traffic"), new("信号の検討", "to plan signals")])
    {
        Experiment = new ExperimentPeriod(new(2027, 4, 1), new(2028, 3, 31)),
        EncryptedDisk = Requirement.Refuse,
        EncryptedLink = Requirement.Warn,
        Networks = [new("camera VPN", IPNetwork.Parse("10.20.0.0/16"), NetworkKind.Vpn, "鋼管 太郎", new(2027, 3, 15))],
        Retention = new(new(TimeSpan.FromDays(14), new(2028, 3, 31)), new(TimeSpan.FromDays(365), null), new(null, new(2038, 3, 31)), default, new(TimeSpan.FromHours(36), null)),
        TwoPersons = TwoPersonRule.Both,
        Inspections = Inspections(2),
        Recording = new Dictionary<string, RecordingStatement> { ["cam1"] = new(true, new DateTimeOffset(2027, 6, 30, 15, 0, 0, TimeSpan.Zero), "検出器の評価") },
        PictureLimits = new(12, 24, Requirement.Refuse),
        Requests = new(21),
        CameraPlaces = new Dictionary<string, BilingualText> { ["cam1"] = new("北東角の柱", "pole at the north-east corner") },
    };

    private static readonly NoticePerson[] s_persons = [new("鋼管 太郎", Duty.Custodian, new(2027, 3, 1)), new("産業 花子", Duty.Operator)];

    public static TheoryData<string> Languages => [.. NoticeLanguages.All];

    [Theory]
    [MemberData(nameof(Languages))]
    public void The_guideline_tells_everything_that_the_site_file_says(string language)
    {
        var text = Text(NoticeWriter.Guideline(Facts(s_policy), language));
        var isJapanese = language == NoticeLanguages.Japanese;

        string[] both = ["交差点", "044-000-0000", "a@b.example", "https://b.example/x", "camera VPN", "鋼管 太郎", "産業 花子", "cam1", "cam2", "640", "360", "7.5", "18.0", "12", "24", "21"];
        string[] told = isJapanese
            ? ["計測協議会", "交通量の把握", "信号の検討", "2027年4月1日から2028年3月31日まで", "取得から14日を経過した時又は2028年3月31日のいずれか早い時まで", "取得から1年（365日）を経過した時まで", "2038年3月31日まで", "36時間", "期間の定めなし", "2名の承認", "2週間ごと", "休日を除く毎日点検", "北東角の柱", "画面の25\u00a0%", "起動しない", "5台未満", "2027年3月1日", "管理責任者", "操作担当者"]
            : ["Council", "to know the traffic", "from 1 April 2027 to 31 March 2028", "14 days after they were taken, or until 31 March 2028", "1 year (365 days)", "until 31 March 2038", "36 hours", "no stated time", "consent of two persons", "every 2 weeks", "each working day", "pole at the north-east corner", "25\u00a0% of it", "does not start", "fewer than 5 vehicles", "1 March 2027", "Custodian", "Operator in charge"];
        Assert.All([.. both, .. told], t => Assert.Contains(t, text));
    }

    [Fact]
    public void Both_languages_have_the_same_clauses_tables_and_lists()
    {
        var (japanese, english) = (NoticeWriter.Guideline(Facts(s_policy), "ja"), NoticeWriter.Guideline(Facts(s_policy), "en"));

        Assert.Equal(18, japanese.Clauses.Count);
        Assert.Equal(japanese.Clauses.Select(Shape), english.Clauses.Select(Shape));

        static string Shape(NoticeClause clause) => string.Join(' ', clause.Blocks.Select(b => b switch
        {
            NoticeTable table => $"table {table.Head.Count}x{table.Rows.Count} {string.Join(',', table.Rows.Select(r => r.Count))}",
            NoticeList list => $"list {list.Items.Count}",
            _ => "text",
        }));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void References_to_clauses_lead_to_what_they_mean(string language)
    {
        var document = NoticeWriter.Guideline(Facts(s_policy), language);
        var headings = document.Clauses.ToDictionary(c => Number().Match(c.Number).Value, c => c.Heading);

        Assert.Equal(language == "ja" ? "カメラの設置場所及び撮影範囲" : "Places and views of the cameras", headings["5"]);
        Assert.Equal(language == "ja" ? "保存期間" : "How long data are kept", headings["9"]);
        Assert.Equal(language == "ja" ? "開示等の請求及び苦情" : "Requests and complaints", headings["14"]);
        Assert.Equal(language == "ja" ? "終了時の消去" : "Erasure at the end", headings["16"]);
        var referred = (language == "ja" ? JapaneseReference() : EnglishReference()).Matches(Text(document)).Select(m => m.Groups[1].Value).Distinct();
        Assert.Empty(referred.Except(["1", "5", "9", "14", "16"]));
    }

    [Fact]
    public void What_is_not_said_is_not_promised()
    {
        var bare = new CustodyPolicy(new OperatorContact(new("協議会", "Council"), Telephone: "1"), [new("計測", "to count")]);
        var facts = Facts(bare, []) with { Heights = [.. Site(bare).Cameras.Select(c => PictureCheck.Of(c))] };

        foreach (var language in NoticeLanguages.All)
        {
            var text = Text(NoticeWriter.Guideline(facts, language));
            Assert.Contains(language == "ja" ? "記録画像を媒体により搬送しない" : "not carried on disks", text);
            Assert.Contains(language == "ja" ? "カメラ cam1、cam2 は測量前のため" : "Of cameras cam1, cam2 this cannot be said", text);
            Assert.Contains(language == "ja" ? "氏名は、第14条の窓口で確認できる" : "told by the contact of article 14", text);
            Assert.DoesNotContain(language == "ja" ? "全体を暗号化" : "encrypted as a whole", text);
            Assert.DoesNotContain(language == "ja" ? "起動しない" : "does not start", text);
            Assert.DoesNotContain(language == "ja" ? "2名" : "two persons", text);
            Assert.DoesNotContain(language == "ja" ? "施錠" : "lock and key", text);
            Assert.DoesNotContain(language == "ja" ? "外部から接続できない" : "cannot be reached from outside", text);
            Assert.DoesNotContain(language == "ja" ? "持出し及び消去は、管理責任者が行う" : "The custodian alone lets", text);
            Assert.Contains(language == "ja" ? "画像を記録しているカメラはない" : "no camera's pictures were recorded", text);
            Assert.DoesNotContain(language == "ja" ? "毎日点検" : "each working day", text);
        }
    }

    [Theory]
    [InlineData(TwoPersonRule.Export, "データの消去は、1名で行うことができる", "One person may erase data", false)]
    [InlineData(TwoPersonRule.Erase, "データの持出しは、1名で行うことができる", "One person may let data leave", true)]
    [InlineData(TwoPersonRule.Both, "データの持出し及び消去は、2名の承認", "and are erased, only with the consent of two persons", true)]
    public void What_takes_two_persons_is_told_with_its_exception(TwoPersonRule rule, string japanese, string english, bool hasException)
    {
        foreach (var (language, told, exception) in new[] { ("ja", japanese, "装置が自動的に行う消去は、この限りでない"), ("en", english, "What the device erases by itself") })
        {
            var text = Text(NoticeWriter.Guideline(Facts(s_policy with { TwoPersons = rule }), language));
            Assert.Contains(told, text);
            if (hasException) Assert.Contains(exception, text);
            else Assert.DoesNotContain(exception, text);
        }
    }

    [Fact]
    public void What_is_recorded_is_told_with_its_end_and_reason_and_how_requests_are_counted()
    {
        Assert.Contains("定めた時間帯、2027年7月1日0時00分まで（理由：検出器の評価）", Text(NoticeWriter.Guideline(Facts(s_policy), "ja")));
        Assert.Contains("in stated hours, until 1 July 2027, 00:00 (reason: 検出器の評価)", Text(NoticeWriter.Guideline(Facts(s_policy), "en")));
        Assert.Contains("21日以内（期間の末日が休日に当たるときは、その翌営業日まで）", Text(NoticeWriter.Guideline(Facts(s_policy), "ja")));
        Assert.Contains("10営業日以内", Text(NoticeWriter.Guideline(Facts(s_policy with { Requests = new RequestTerms(10, CountsWorkdays: true) }), "ja")));
        Assert.Contains("録画しません", NoticeWriter.Sign(Facts(s_policy with { Recording = new Dictionary<string, RecordingStatement>() }), "ja").Lines.Single(l => l.Label == "画像の保存").Value);
    }

    [Fact]
    public void The_sign_names_purpose_custodian_contact_and_period()
    {
        var sign = NoticeWriter.Sign(Facts(s_policy), "ja");

        Assert.Equal("交通流計測カメラ作動中", sign.Headline);
        Assert.Equal(
            [
                new("目的", "交通量の把握\n信号の検討"), new("期間", "2027年4月1日～2028年3月31日"), new("画像の保存", "匿名化及び暗号化して保存し、14日後、遅くとも2028年3月31日までに消去"),
                new("第三者提供", "統計値のみ（画像は、法令に基づく場合を除き提供しません）"), new("設置者", "計測協議会　計測担当"), new("管理責任者", "鋼管 太郎"), new SignLine("連絡先", "電話 044-000-0000\na@b.example"),
            ],
            sign.Lines);
        Assert.Equal("https://b.example/x", sign.Link);
        Assert.DoesNotContain("産業 花子", string.Join(' ', sign.Lines));
        var english = NoticeWriter.Sign(Facts(s_policy), "en");
        Assert.Equal(sign.Lines.Count, english.Lines.Count);
        Assert.Equal("Traffic measurement cameras in operation", english.Headline);
    }

    [Fact]
    public void An_edition_is_told_and_a_draft_is_called_one()
    {
        var facts = Facts(s_policy);

        Assert.Equal("案（未公表）", NoticeWriter.Guideline(facts, "ja").Edition);
        Assert.Equal("第3版　2027年3月20日公表", NoticeWriter.Guideline(facts with { Edition = new(3, new(2027, 3, 20)) }, "ja").Edition);
        Assert.Equal("Version 3, published on 20 March 2027", NoticeWriter.Sign(facts with { Edition = new(3, new(2027, 3, 20)) }, "en").Edition);
    }

    /// <summary>Each change of what is told is seen, under the name of its part, and nothing else is.</summary>
    [Fact]
    public void Each_change_is_named_by_its_part()
    {
        var parts = NoticeParts.Of(Facts(s_policy));
        Expect(s_policy with { Operator = s_policy.Operator with { Telephone = "044-000-0001" } }, "operator");
        Expect(s_policy with { Purposes = [s_policy.Purposes[0]] }, "purposes");
        Expect(s_policy with { Experiment = null }, "experiment");
        Expect(s_policy with { EncryptedDisk = Requirement.Warn }, "disk");
        Expect(s_policy with { Networks = [] }, "link");
        Expect(s_policy with { EncryptedLink = Requirement.Refuse }, "link");
        Expect(s_policy with { Retention = s_policy.Retention with { Audit = new(TimeSpan.FromDays(1), null) } }, "retention");
        Expect(s_policy with { TwoPersons = TwoPersonRule.Erase }, "two-person rule");
        Expect(s_policy with { PictureLimits = s_policy.PictureLimits! with { Above = Requirement.Warn } }, "picture limits");
        Expect(s_policy with { Recording = new Dictionary<string, RecordingStatement>() }, "recording");
        Expect(s_policy with { Requests = s_policy.Requests with { CountsWorkdays = true } }, "requests");
        Expect(s_policy with { Inspections = Inspections(4) }, "inspections");
        Expect(s_policy with { PictureLimits = new(12, 25, Requirement.Refuse) }, "picture limits");
        Expect(s_policy with { Requests = new(14) }, "requests");
        Expect(s_policy with { CameraPlaces = new Dictionary<string, BilingualText>() }, "cameras");
        ExpectSite(s => s with { Name = "別の交差点" }, "site");
        ExpectSite(s => s with { Cameras = [s.Cameras[0] with { Frame = new FrameFormat(320, 180, 10) }, s.Cameras[1]] }, "resolution");
        ExpectSite(s => s with { Cameras = [s.Cameras[0] with { Masks = [] }, s.Cameras[1]] }, "masks");
        ExpectSite(s => s with { Cameras = [s.Cameras[0]] }, "cameras", "masks", "resolution");
        Assert.Equal(["largest heights"], Changed(Facts(s_policy) with { Heights = [] }));
        Assert.Equal([NoticeParts.Persons], Changed(Facts(s_policy, [s_persons[0]])));
        // What the public is not told: where the pictures come from, which gates there are, and the name of the file of holidays.
        ExpectSite(s => s with { Hash = "other", Cameras = [s.Cameras[0] with { Source = "rtsp://other/x", Detector = "motion" }, s.Cameras[1]] });
        Expect(s_policy with { Workdays = WorkCalendar.Parse("2027-01-01,元日", out _)! });

        void Expect(CustodyPolicy policy, params string[] expected) => Assert.Equal(expected, Changed(Facts(policy)));
        void ExpectSite(Func<Site, Site> change, params string[] expected) => Assert.Equal(expected, Changed(Facts(s_policy) with { Site = change(Site(s_policy)) }));
        IReadOnlyList<string> Changed(NoticeFacts now) => NoticeParts.Changed(parts, NoticeParts.Of(now));
    }

    private static InspectionPlan[] Inspections(int weeks) => [new("kokandori", InspectionKind.HandCarry, 7 * weeks, new(2027, 4, 1)), new("kokandori", InspectionKind.Remote, null, new(2027, 4, 1))];

    private static NoticeFacts Facts(CustodyPolicy policy, NoticePerson[]? persons = null)
    {
        var things = IdentifyingThing.All;
        LargestHeights Of(string camera) => new(
            new CameraId(camera), new FrameFormat(640, 360, 10), [.. things.Select(t => new LargestHeight(t, t.IsPlate ? 7.5 : 18, new PicturePoint(1, 1), 9))], null);
        return NoticeFacts.Of(Site(policy), persons ?? s_persons) with { Heights = [Of("cam1"), Of("cam2")] };
    }

    private static Site Site(CustodyPolicy policy)
    {
        CameraSetup Camera(string id, params Polygon[] masks) => new(new CameraId(id), $"rtsp://{id}.example/x", new FrameFormat(640, 360, 10), "default", masks, [], []);
        return new Site(
            new SiteId("a"), "交差点", TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo"), [new Approach(new ApproachId("north"), "北")],
            [Camera("cam1", new Polygon([new(0, 0), new(1, 0), new(1, 0.25), new(0, 0.25)])), Camera("cam2")], "hash")
        { Custody = policy };
    }

    private static string Text(GuidelineDocument document) => string.Join('\n', document.Clauses.SelectMany(c => c.Blocks.SelectMany(b => b switch
    {
        NoticeParagraph paragraph => [paragraph.Text],
        NoticeList list => list.Items,
        NoticeTable table => table.Head.Concat(table.Rows.SelectMany(r => r)),
        _ => throw new InvalidOperationException("no such block"),
    }).Prepend(c.Heading)).Append(document.SiteName));

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();

    [GeneratedRegex("第([0-9]+)条")]
    private static partial Regex JapaneseReference();

    [GeneratedRegex("article ([0-9]+)")]
    private static partial Regex EnglishReference();
}
