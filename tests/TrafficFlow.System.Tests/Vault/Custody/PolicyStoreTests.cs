using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Sites;
using TrafficFlow.Synthetic;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Policies;
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
