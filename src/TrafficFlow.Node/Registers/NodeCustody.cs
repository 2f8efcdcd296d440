using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Settings;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Approvals;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Inspections;
using TrafficFlow.Vault.Persons;
using TrafficFlow.Vault.Requests;
using TrafficFlow.Vault.Workdays;
using TrafficFlow.Web.Pages.Custody;

namespace TrafficFlow.Node.Registers;

/// <summary>Puts the registers of custody of a data folder together, as settings say; for a node and for the verb alike.</summary>
internal static class NodeCustody
{
    /// <param name="checks">Null where nothing is known of the sites, as for a verb.</param>
    public static CustodyBooks Open(string dataFolder, CustodySettings settings, AccountStore accounts, Func<IReadOnlyList<Site>> sites, IProgramChecks? checks, TimeProvider time)
    {
        var persons = new PersonStore(dataFolder, accounts, time);
        return new CustodyBooks(
            persons,
            new ApprovalStore(dataFolder, () => RulesOf(settings, sites()), name => persons.Read().PersonOf(name), time),
            new InspectionStore(dataFolder, () => settings.Inspections, () => CalendarOf(settings), checks, name => persons.Read().PersonOf(name), time),
            new RequestStore(dataFolder, () => settings.Requests, () => CalendarOf(settings), time))
        {
            Zone = site => sites().FirstOrDefault(s => s.Id.Value == site)?.TimeZone ?? TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo"),
        };
    }

    /// <summary>What the node's settings or the file of any of its sites asks two persons for.</summary>
    internal static ApprovalRules RulesOf(CustodySettings settings, IReadOnlyList<Site> sites)
    {
        var asked = sites.Aggregate(Core.Custody.TwoPersonRule.Off, (all, site) => all | (site.Custody?.TwoPersons ?? Core.Custody.TwoPersonRule.Off));
        var rules = settings.Approvals;
        var (export, erase) = (rules.Covers(ApprovalKind.Export) || asked.HasFlag(Core.Custody.TwoPersonRule.Export), rules.Covers(ApprovalKind.Erase) || asked.HasFlag(Core.Custody.TwoPersonRule.Erase));
        return rules with { Policy = (export, erase) switch { (true, true) => TwoPersonPolicy.Both, (true, false) => TwoPersonPolicy.Export, (false, true) => TwoPersonPolicy.Erase, _ => TwoPersonPolicy.Off } };
    }

    /// <summary>Read anew each time: a day that is added counts without a restart.</summary>
    /// <exception cref="VaultFileException">The file of own days cannot be used.</exception>
    public static WorkCalendar CalendarOf(CustodySettings settings) => settings.HolidaysFile is { } file ? WorkCalendar.Read(file) : WorkCalendar.National;
}
