using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Workdays;
using TrafficFlow.Node.Settings;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Approvals;
using TrafficFlow.Vault.Inspections;
using TrafficFlow.Vault.Persons;
using TrafficFlow.Vault.Policies;
using TrafficFlow.Vault.Requests;
using TrafficFlow.Web.Pages.Custody;

namespace TrafficFlow.Node.Registers;

/// <summary>Puts the registers of custody of a data folder together, as settings say; for a node and for the verb alike.</summary>
internal static class NodeCustody
{
    /// <param name="checks">Null where nothing is known of the sites, as for a verb.</param>
    /// <param name="passed">A time that has surely passed, by which contact data of requesters end; null where the clock is believed, or nothing is deleted.</param>
    public static CustodyBooks Open(string dataFolder, CustodySettings settings, AccountStore accounts, Func<IReadOnlyList<Site>> sites, IProgramChecks? checks, TimeProvider time, Func<DateTimeOffset>? passed = null)
    {
        var persons = new PersonStore(dataFolder, accounts, time);
        var policies = new PolicyStore(dataFolder, () => [.. sites().Select(KeptPolicy.Of)], time);
        return new CustodyBooks(
            persons,
            new ApprovalStore(dataFolder, () => new ApprovalRules(policies.TwoPersons, settings.RequestOpen, settings.ApprovalValid), author => persons.Read().Appointed(author, time.GetUtcNow()), time, policies),
            new InspectionStore(dataFolder, () => PlansOf(sites()), site => CalendarOf(sites(), site), checks, name => persons.Read().PersonOf(name), time),
            new RequestStore(dataFolder, site => Find(sites(), site)?.Custody?.Requests ?? RequestTerms.Default, site => CalendarOf(sites(), site), settings.KeepContact, time, passed))
        {
            Zone = site => (Find(sites(), site) ?? sites().FirstOrDefault())?.TimeZone ?? TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo"),
            Policies = policies,
            Calendar = site => CalendarOf(sites(), site),
        };
    }

    private static List<(InspectionPlan, TimeZoneInfo)> PlansOf(IReadOnlyList<Site> sites) => [.. from site in sites from plan in site.Custody?.Inspections ?? [] select (plan, site.TimeZone)];

    private static WorkCalendar CalendarOf(IReadOnlyList<Site> sites, string site) => Find(sites, site)?.Custody?.Workdays ?? WorkCalendar.National;

    private static Site? Find(IReadOnlyList<Site> sites, string site) => sites.FirstOrDefault(s => s.Id.Value == site);
}
