using System.Text;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Sites.Editing;
using TrafficFlow.Node.Settings;
using TrafficFlow.Node.Settings.HoconParsing;
using TrafficFlow.Node.SiteEditing;
using Xunit;

namespace TrafficFlow.SystemTests.Settings;

public sealed class SiteCustodySectionTests : IDisposable
{
    private const string Least = "operator { name = Council, telephone = \"044-000-0000\" }, purposes = [ \"to count\" ]";

    private readonly SettingsFolder _folder = new();

    [Fact]
    public void The_shipped_section_says_what_the_record_holds()
    {
        var custody = SiteSettings.Load(Path.Combine(SharedFiles.Repository, "hocon", "sites", "kokandori.conf")).Site.Custody!;

        Assert.Equal("鋼管通り交通計測協議会", custody.Operator.Name.In("ja"));
        Assert.Equal("Kokandori Traffic Measurement Council", custody.Operator.Name.In("en"));
        Assert.Equal(("044-000-0000", "traffic@kokandori.example", "https://kokandori.example/traffic"), (custody.Operator.Telephone, custody.Operator.Mail, custody.Operator.Web));
        Assert.Equal(2, custody.Purposes.Count);
        Assert.Equal("lamp post at the north-east corner, over the northern approach", custody.CameraPlaces["cam1"].English);
        Assert.Equal(new ExperimentPeriod(new(2027, 4, 1), new(2028, 3, 31)), custody.Experiment);
        Assert.Equal((Requirement.Warn, Requirement.Warn), (custody.EncryptedDisk, custody.EncryptedLink));
        Assert.Equal(new TrustedNetwork("camera VPN", System.Net.IPNetwork.Parse("10.20.0.0/16"), NetworkKind.Vpn, "鋼管 太郎", new(2027, 3, 15)), Assert.Single(custody.Networks));
        Assert.Equal(new KeepRule(TimeSpan.FromDays(14), new(2028, 3, 31)), custody.Retention.Of(KeptKind.Pictures));
        Assert.Equal(new KeepRule(TimeSpan.FromDays(365), new(2028, 3, 31)), custody.Retention.Of(KeptKind.Journeys));
        Assert.Equal(new KeepRule(null, new(2038, 3, 31)), custody.Retention.Of(KeptKind.Counts));
        Assert.Equal(new KeepRule(TimeSpan.FromDays(1825), null), custody.Retention.Of(KeptKind.Audit));
        Assert.Equal(new KeepRule(TimeSpan.FromDays(365), null), custody.Retention.Of(KeptKind.Accounts));
        Assert.Equal(TwoPersonRule.Both, custody.TwoPersons);
        Assert.Equal((2, true), (custody.HandCarryWeeks, custody.InspectsEachWorkday));
        Assert.Equal([new InspectionPlan("kokandori", InspectionKind.HandCarry, 14, new(2027, 4, 1)), new InspectionPlan("kokandori", InspectionKind.Remote, null, new(2027, 4, 1))], custody.Inspections);
        Assert.Equal(new PictureLimits(12, 24, Requirement.Warn), custody.PictureLimits);
        Assert.Equal(new RequestTerms(14), custody.Requests);
    }

    [Fact]
    public void A_site_file_need_not_say_anything_and_the_least_is_enough()
    {
        Assert.Null(SiteSettings.Load(_folder.Write("plain.conf", SettingsFolder.GoodSite)).Site.Custody);

        var least = Load(Least).Custody!;

        Assert.Equal(new BilingualText("to count", "to count"), Assert.Single(least.Purposes));
        Assert.Equal((Requirement.Off, Requirement.Off, TwoPersonRule.Off), (least.EncryptedDisk, least.EncryptedLink, least.TwoPersons));
        Assert.Same(RetentionPolicy.Unlimited, least.Retention);
        Assert.Same(RequestTerms.Default, least.Requests);
        Assert.Equal((null, null), (least.Experiment, least.PictureLimits));
    }

    [Fact]
    public void The_hash_of_the_site_does_not_know_the_section()
    {
        var plain = SiteSettings.Load(_folder.Write("plain.conf", SettingsFolder.GoodSite)).Site.Hash;

        Assert.Equal(plain, Load(Least).Hash);
        Assert.Equal(plain, Load($"{Least}, two-person-rule = both, retention {{ pictures {{ max-age = 1d }} }}").Hash);
    }

    [Fact]
    public void The_site_editor_leaves_the_section_as_it_is()
    {
        var text = File.ReadAllText(Path.Combine(SharedFiles.Repository, "hocon", "sites", "kokandori.conf"));
        var before = text[text.IndexOf("  custody {", StringComparison.Ordinal)..text.IndexOf("  cameras {", StringComparison.Ordinal)];
        var root = new ConfFile([]).Read(_folder.Write("a.conf", text));
        var began = SiteDraftReader.Parse(text)!;

        var patched = SiteFilePatch.Apply(text, root, began, began.With(began.Cameras[0].AddMask([new(0, 0.9), new(0.1, 0.9), new(0.1, 1)], out _)).AddApproach());

        Assert.NotEqual(text, patched);
        Assert.Contains(before, patched);
    }

    [Theory]
    [InlineData("operater { name = x }", "custody.operater: is not a known key; did you mean operator?")]
    [InlineData("retention { pictures { max-age = 14d, for = ever } }", "retention.pictures.for: is not a known key; known keys: keep-until, max-age")]
    [InlineData("require-encrypted-disk = on", "custody.require-encrypted-disk: \"on\" is none of off, warn, refuse; known words: off, refuse, warn")]
    [InlineData("require-encrypted-link = refuze", "custody.require-encrypted-link: \"refuze\" is none of off, warn, refuse; did you mean refuse?")]
    [InlineData("two-person-rule = all", "custody.two-person-rule: \"all\" is none of off, export, erase, both")]
    [InlineData("experiment { from = 2027-04-01, until = 2027-03-31 }", "custody.experiment.until: 2027-03-31 is before 2027-04-01; set the last day")]
    [InlineData("experiment { from = 2027-4-1, until = 2027-05-31 }", "custody.experiment.from: \"2027-4-1\" is no day; write YYYY-MM-DD")]
    [InlineData("experiment { from = 2027-02-29, until = 2027-05-31 }", "custody.experiment.from: \"2027-02-29\" is no day")]
    [InlineData("experiment { from = 2027-04-01 }", "custody.experiment.until: is missing; set the last day of the experiment")]
    [InlineData("retention { pictures { max-age = 14 } }", "retention.pictures.max-age: \"14\" is not a time; set a time from 1h to 36500d, with its unit")]
    [InlineData("retention { pictures { max-age = 1m } }", "retention.pictures.max-age: 1m is out of range")]
    [InlineData("retention { pictures {} }", "custody.retention.pictures: limits nothing; write max-age = 14d or keep-until")]
    [InlineData("experiment { from = 2027-04-01, until = 2028-03-31 }, retention { counts { keep-until = 2027-03-31 } }", "retention.counts.keep-until: 2027-03-31 is before the experiment begins")]
    [InlineData("networks = [ { name = a, cidr = \"10.0.0.1/8\", kind = vpn, said-by = b, said-on = 2027-01-01 } ]", "custody.networks[0].cidr: \"10.0.0.1/8\" is no network: bits are set behind its mask; write NETWORK/BITS")]
    [InlineData("networks = [ { name = a, cidr = \"10.0.0.0/8\", kind = lan, said-by = b, said-on = 2027-01-01 } ]", "custody.networks[0].kind: \"lan\" is none of vpn, isolated")]
    [InlineData("networks = [ { name = a, cidr = \"10.0.0.0/8\", kind = vpn } ]", "custody.networks[0].said-by: is missing; name who has said")]
    [InlineData("networks = [ \"10.0.0.0/8\" ]", "custody.networks[0]: is not a section")]
    [InlineData("camera-places { cam9 = x }", "camera-places.cam9: there is no camera \"cam9\"; did you mean cam1?")]
    [InlineData("picture-limits {}", "custody.picture-limits: limits nothing; write plate-characters = PIXELS")]
    [InlineData("picture-limits { faces = 0.5 }", "picture-limits.faces: 0.5 is out of range; set a number from 1 to 1000 (pixels high)")]
    [InlineData("picture-limits { faces = 20, above = off }", "picture-limits.above: \"off\" is none of warn, refuse")]
    [InlineData("inspections { hand-carry-weeks = 0 }", "inspections.hand-carry-weeks: 0 is out of range; set a number from 1 to 52 (weeks)")]
    [InlineData("inspections { holidays = \"none.csv\" }", "inspections.holidays: none.csv cannot be read (")]
    [InlineData("inspections { hand-carry-weeks = 2 }", "inspections.from: is missing, and the experiment has no first day; set the day on which the first inspection is due")]
    [InlineData("requests { counts = weeks }", "requests.counts: \"weeks\" is none of days, working-days")]
    [InlineData("requests { answer-within-days = 400 }", "requests.answer-within-days: 400 is out of range")]
    [InlineData("requests { procedure { ja = \"窓口\" } }", "custody.requests.procedure.en: is missing; write it in English, too")]
    public void A_fault_is_told_with_what_to_do(string section, string expected) => Assert.Contains(expected, Problem($"{Least}, {section}"));

    [Theory]
    [InlineData("purposes = [ x ]", "custody.operator: is missing; add operator {")]
    [InlineData("operator { name = x, telephone = \"1\" }", "custody.purposes: is missing; write purposes = [")]
    [InlineData("operator { name = x, telephone = \"1\" }, purposes = []", "custody.purposes: holds no purpose")]
    [InlineData("operator { name = x }, purposes = [ x ]", "operator.telephone: is missing, and so are mail, address and web; say how the public reaches the operator")]
    [InlineData("operator { name = x, telephone = \"call us\" }, purposes = [ x ]", "operator.telephone: \"call us\" is no telephone number")]
    [InlineData("operator { name = x, mail = \"a@b\" }, purposes = [ x ]", "operator.mail: \"a@b\" is no mail address; write NAME@HOST")]
    [InlineData("operator { name = x, web = \"kokandori.example\" }, purposes = [ x ]", "operator.web: \"kokandori.example\" is no address of a page; write https://HOST/PATH")]
    [InlineData("operator { name = [x], telephone = \"1\" }, purposes = [ x ]", "operator.name: is not a text; write \"…\" for both languages")]
    public void What_the_public_must_know_is_asked_for(string section, string expected) => Assert.Contains(expected, Problem(section));

    [Fact]
    public void The_holidays_of_the_cabinet_office_are_read_as_they_are_published()
    {
        var file = Path.Combine(_folder.Path, "syukujitsu.csv");
        File.WriteAllBytes(file, CodePagesEncodingProvider.Instance.GetEncoding(932)!.GetBytes("国民の祝日・休日月日,国民の祝日・休日名称\r\n2027/1/1,元日\r\n2027/5/3,憲法記念日\r\n"));

        var calendar = Load($"{Least}, inspections {{ each-working-day = on, from = 2027-04-01, holidays = \"syukujitsu.csv\" }}").Custody!.Workdays;

        Assert.Equal("元日", calendar.Closed[new DateOnly(2027, 1, 1)]);
        Assert.Equal(2, calendar.Closed.Count);
        Assert.False(calendar.IsWorkday(new DateOnly(2027, 5, 3)));
    }

    [Fact]
    public void A_backup_takes_the_holidays_with_the_site_file()
    {
        var holidays = _folder.Write("holidays.csv", "2027-01-01,元日\n");
        Write($"{Least}, inspections {{ holidays = \"holidays.csv\" }}");
        var node = _folder.Write("node.conf", "trafficflow.node { roles = [server], sites = [\"site.conf\"], data-directory = \"data\" }");

        Assert.Contains(holidays, SettingsFiles.Of(NodeSettings.Load(node)).Settings);
    }

    [Fact]
    public void What_a_file_holds_that_is_none_of_holidays_is_not_told()
    {
        _folder.Write("secret.txt", "2027-01-01,元日\npassword = s3cret\n");

        var problem = Problem($"{Least}, inspections {{ holidays = \"secret.txt\" }}");

        Assert.Contains("line 2 of secret.txt does not begin with a day", problem);
        Assert.DoesNotContain("s3cret", problem);
    }

    [Theory]
    [InlineData("# all of 2027\n\n2027-01-01\n2027-01-11,成人の日\n", 2)]
    [InlineData("\uFEFF2027-01-01,a,b\n", 1)]
    public void Holidays_may_have_comments_and_no_names(string text, int days)
    {
        _folder.Write("h.csv", text);

        Assert.Equal(days, Load($"{Least}, inspections {{ holidays = \"h.csv\" }}").Custody!.Workdays.Closed.Count);
    }

    public void Dispose() => _folder.Dispose();

    private Site Load(string custody) => SiteSettings.Load(Write(custody)).Site;

    private string Problem(string custody) => Assert.Throws<SettingsException>(() => SiteSettings.Load(Write(custody))).Message;

    private string Write(string custody) => _folder.Write("site.conf", SettingsFolder.GoodSite.Replace("  approaches {", $"  custody {{ {custody} }}\n  approaches {{", StringComparison.Ordinal));
}
