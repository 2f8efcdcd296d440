using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Sites;
using TrafficFlow.Synthetic;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Policies;
using TrafficFlow.Web.Pages.Recordings;
using Xunit;

namespace TrafficFlow.SystemTests.Vault.Custody;

public sealed class PolicyStoreTests : IDisposable
{
    private readonly VaultFolder _vault = new();
    private IReadOnlyList<Site> _sites = [SiteOf("kokandori", TwoPersonRule.Both)];

    private PolicyStore Policies => new(_vault.Path, () => [.. _sites.Select(KeptPolicy.Of)], _vault.Clock);

    [Fact]
    public async Task A_rule_that_is_loosened_in_the_site_file_is_entered_and_in_the_audit_before_it_is_used()
    {
        Assert.Null(Assert.Single(await Policies.LookAsync()).Before);
        Assert.Empty(await Policies.LookAsync());

        _sites = [SiteOf("kokandori", TwoPersonRule.Export)];
        var change = Assert.Single(await Policies.LookAsync());

        Assert.True(change.IsLooser);
        Assert.Equal(["two-person-rule: both, now export"], change.Now.Changes(change.Before));
        var audit = Assert.Single(AuditReader.Newest(new AuditPlace(_vault.Path), new AuditFilter(), null, 20), r => r.Event.Action == "custody policy loosened");
        Assert.Equal(("kokandori", "node"), (audit.Event.Target, audit.Event.Account));
        Assert.Contains("two-person-rule: both, now export; entry 2 ", audit.Event.Details, StringComparison.Ordinal);
    }

    /// <summary>Each thing that a site file says of custody, one step looser, and back.</summary>
    public static TheoryData<string, Func<CustodyPolicy, CustodyPolicy>> Looser => new()
    {
        { "require-encrypted-disk: refuse, now warn", p => p with { EncryptedDisk = Requirement.Warn } },
        { "require-encrypted-link: warn, now off", p => p with { EncryptedLink = Requirement.Off } },
        { "networks: none, now 10.20.0.0/16", p => p with { Networks = [new("vpn", System.Net.IPNetwork.Parse("10.20.0.0/16"), NetworkKind.Vpn, "鋼管 太郎", new(2027, 3, 15))] } },
        { "retention of pictures: 14 days, until 2027-03-31, now 15 days, until 2027-03-31", p => p with { Retention = p.Retention with { Pictures = new KeepRule(TimeSpan.FromDays(15), new(2027, 3, 31)) } } },
        { "retention of pictures: 14 days, until 2027-03-31, now 14 days", p => p with { Retention = p.Retention with { Pictures = new KeepRule(TimeSpan.FromDays(14), null) } } },
        { "retention of journeys: 30 days, now no limit", p => p with { Retention = p.Retention with { Journeys = default } } },
        { "retention of the audit: no limit, now 10 days", p => p with { Retention = p.Retention with { Audit = new KeepRule(TimeSpan.FromDays(10), null) } } },
        { "picture-limits.plate-characters: 12, now 14", p => p with { PictureLimits = p.PictureLimits! with { PlateCharacterPixels = 14 } } },
        { "picture-limits.above: refuse, now warn", p => p with { PictureLimits = p.PictureLimits! with { Above = Requirement.Warn } } },
        { "hand-carry-weeks: 2, now 4", p => p with { Inspections = [p.Inspections[0] with { EachDays = 28 }] } },
        { "hand-carry-weeks: 2, now none; inspections.from: 2026-12-01, now none", p => p with { Inspections = [] } },
        { "inspections.from: 2026-12-01, now 2027-12-01", p => p with { Inspections = [p.Inspections[0] with { From = new(2027, 12, 1) }] } },
        { "experiment.until: 2027-03-31, now 2027-04-30", p => p with { Experiment = p.Experiment!.Value with { Until = new(2027, 4, 30) } } },
        { "answer-within-days: 14, now 30", p => p with { Requests = new RequestTerms(30) } },
    };

    [Theory]
    [MemberData(nameof(Looser), DisableDiscoveryEnumeration = true)]
    public void What_protects_less_is_named_from_what_to_what_and_the_way_back_is_none(string told, Func<CustodyPolicy, CustodyPolicy> loosen)
    {
        var strict = new CustodyPolicy(new OperatorContact(new BilingualText("協議会", "Council")), [new BilingualText("計測", "counting")])
        {
            EncryptedDisk = Requirement.Refuse,
            EncryptedLink = Requirement.Warn,
            Experiment = new ExperimentPeriod(new(2026, 12, 1), new(2027, 3, 31)),
            Retention = RetentionPolicy.Unlimited with { Pictures = new KeepRule(TimeSpan.FromDays(14), new(2027, 3, 31)), Journeys = new KeepRule(TimeSpan.FromDays(30), null) },
            PictureLimits = new PictureLimits(12, 24, Requirement.Refuse),
            Inspections = [new InspectionPlan("kokandori", InspectionKind.HandCarry, 14, new(2026, 12, 1))],
        };
        var (before, now) = (KeptPolicy.Of(_sites[0] with { Custody = strict }), KeptPolicy.Of(_sites[0] with { Custody = loosen(strict) }));

        Assert.Equal(told, string.Join("; ", now.Loosened(before)));
        Assert.Equal(told, string.Join("; ", now.Changes(before)));
        Assert.Empty(before.Loosened(now));
    }

    [Fact]
    public async Task What_was_loosened_stays_so_until_it_is_put_back_whatever_was_made_stricter_since()
    {
        var strict = new CustodyPolicy(new OperatorContact(new BilingualText("協議会", "Council")), [new BilingualText("計測", "counting")]) { EncryptedDisk = Requirement.Refuse, TwoPersons = TwoPersonRule.Erase, Requests = new RequestTerms(14) };
        _sites = [_sites[0] with { Custody = strict }];
        await Policies.LookAsync();
        Assert.Empty(Policies.StillLoosened);

        _sites = [_sites[0] with { Custody = strict with { EncryptedDisk = Requirement.Warn, TwoPersons = TwoPersonRule.Both } }];
        await Policies.LookAsync();
        _sites = [_sites[0] with { Custody = strict with { EncryptedDisk = Requirement.Warn, TwoPersons = TwoPersonRule.Both, Requests = new RequestTerms(7) } }];
        await Policies.LookAsync();

        var (change, what) = Assert.Single(Policies.StillLoosened);
        Assert.Equal(2, change.Entry.Number);
        Assert.Equal([new PolicyDifference("require-encrypted-disk", "refuse", "warn")], what);
        Assert.Equal("ディスクの暗号化: 必須 → 警告", PolicyTexts.Of("ja", what[0]));
        _sites = [_sites[0] with { Custody = strict }];
        await Policies.LookAsync();
        // What was as strict for a while only, and is not any more.
        Assert.Equal([new PolicyDifference("two-person-rule", "both", "erase"), new PolicyDifference("answer-within-days", "7", "14")], Assert.Single(Policies.StillLoosened).What);
    }

    [Fact]
    public void Each_thing_that_a_policy_says_has_a_name_in_both_languages()
    {
        foreach (var (name, text) in KeptPolicy.Of(_sites[0]).FieldTexts())
        {
            Assert.NotNull(text);
            Assert.NotEqual(name, PolicyTexts.NameOf("ja", name));
            Assert.NotEqual(name, PolicyTexts.NameOf("en", name));
            Assert.DoesNotMatch("[a-z]{3}", PolicyTexts.ValueOf("ja", name, text));
        }
    }

    [Fact]
    public void What_an_older_program_did_not_look_at_is_told_and_is_not_looser()
    {
        var now = KeptPolicy.Of(_sites[0]);
        var before = now with { More = null };

        Assert.NotEqual(now, before);
        Assert.Empty(now.Loosened(before));
        Assert.Contains("retention of journeys no limit", now.Changes(before));
        Assert.DoesNotContain(now.Changes(before), c => c.Contains(", now ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_section_that_is_deleted_is_a_rule_that_is_loosened()
    {
        await Policies.LookAsync();

        _sites = [_sites[0] with { Custody = null }];

        Assert.True(Assert.Single(await Policies.LookAsync()).IsLooser);
        Assert.Equal(TwoPersonRule.Off, Policies.TwoPersons);
    }

    [Fact]
    public async Task A_site_that_settings_do_not_name_any_more_keeps_its_rule()
    {
        await Policies.LookAsync();

        _sites = [SiteOf("other", TwoPersonRule.Off)];
        await Policies.LookAsync();

        Assert.Equal(TwoPersonRule.Both, Policies.TwoPersons);
        _sites = [];
        Assert.Equal(TwoPersonRule.Both, Policies.TwoPersons);
    }

    [Fact]
    public async Task What_was_found_cannot_be_rewritten()
    {
        await Policies.LookAsync();
        var file = Path.Combine(_vault.Path, "custody", "policies.jsonl");
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Replace("\"both\"", "\"off\"", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        Assert.Contains("its content does not fit its hash", Assert.Throws<VaultFileException>(() => Policies.TwoPersons).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _vault.Dispose();

    private static Site SiteOf(string id, TwoPersonRule rule) => SyntheticJunction.Site with
    {
        Id = new SiteId(id),
        Custody = new CustodyPolicy(new OperatorContact(new BilingualText("協議会", "Council")), [new BilingualText("計測", "counting")]) { TwoPersons = rule },
    };
}
