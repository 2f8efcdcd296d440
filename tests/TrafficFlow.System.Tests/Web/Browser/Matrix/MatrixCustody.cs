using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Workdays;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Approvals;
using TrafficFlow.Vault.Inspections;
using TrafficFlow.Vault.Persons;
using TrafficFlow.Vault.Policies;
using TrafficFlow.Vault.Registers;
using TrafficFlow.Vault.Requests;
using TrafficFlow.Web.Pages.Custody;

namespace TrafficFlow.SystemTests.Web.Browser.Matrix;

/// <summary>Registers of custody with something in every state.</summary>
internal static class MatrixCustody
{
    private static readonly RegisterAuthor s_anna = new("anna", "account[custodian+operator+analyst]:anna");

    public static CustodyBooks Open(string folder, AccountStore accounts)
    {
        var (time, zone, today) = (TimeProvider.System, MatrixSites.Heavy.TimeZone, DateOnly.FromDateTime(DateTime.Today));
        var persons = new PersonStore(folder, accounts, time);
        IReadOnlyList<(InspectionPlan, TimeZoneInfo)> plans =
        [
            (new InspectionPlan(MatrixSites.Heavy.Id.Value, InspectionKind.HandCarry, 14, today.AddDays(-20)), zone),
            (new InspectionPlan(MatrixSites.Blind.Id.Value, InspectionKind.Remote, null, today.AddDays(-9)), zone),
        ];
        PolicyStore policies = null!;
        // Loosened after it was found for the first time.
        policies = new PolicyStore(folder, () => [KeptPolicy.Of(MatrixSites.Heavy) with { TwoPersons = policies.Changes.IsEmpty ? TwoPersonRule.Both : TwoPersonRule.Export }], time);
        return new CustodyBooks(
            persons,
            new ApprovalStore(folder, () => ApprovalRules.Default with { Policy = TwoPersonRule.Both }, author => persons.Read().Appointed(author, time.GetUtcNow()), time),
            new InspectionStore(folder, () => plans, _ => WorkCalendar.National, new Seen(time), name => persons.Read().PersonOf(name), time),
            new RequestStore(folder, _ => RequestTerms.Default, _ => WorkCalendar.National, TimeSpan.FromDays(180), time), new Recorded())
        {
            Zone = _ => zone,
            Policies = policies,
            Elsewhere = () =>
            [
                new NodeDismissals("10.0.0.11:4053", time.GetUtcNow().AddMinutes(-1), null, []),
                new NodeDismissals("10.0.0.12:4053", null, "it is not in the cluster: it hears of it when it is back", []),
                new NodeDismissals("server-2.example.jp:4053", time.GetUtcNow().AddMinutes(-2), null, [("bert-custodian", "bert-custodian is the only custodian who can log in: make another one first (trafficflow account add NAME --role custodian)")]),
            ],
            Problem = () => "1 inspection is overdue: honmachi (at the site); record it on the page /custody/inspections",
        };
    }

    public static async Task FillAsync(CustodyBooks books)
    {
        var now = TimeProvider.System.GetUtcNow();
        var (site, today) = (MatrixSites.Heavy.Id.Value, DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, MatrixSites.Heavy.TimeZone).DateTime));
        await books.Persons.AppointAsync(s_anna, "管理 花子", "anna", Duty.Custodian, now.AddDays(-90));
        await books.Persons.AppointAsync(s_anna, "Wilhelmina Featherstonehaugh-Cholmondeley", "carla-roadside-maintenance", Duty.Operator, now.AddDays(-60));
        await books.Persons.AppointAsync(s_anna, "操作 太郎", null, Duty.Operator, now);
        await books.Persons.AppointAsync(s_anna, "管理 次郎", "bert", Duty.Custodian, now.AddDays(-30));
        await books.Policies.LookAsync();
        await books.Policies.LookAsync();
        await books.Persons.DismissAsync(s_anna, "a2", now.AddDays(12), "end of the contract with the maintenance company, which was not renewed");
        await books.Persons.DismissAsync(s_anna, "a3", null, "異動のため");
        var items = InspectionPlan.ItemsOf(InspectionKind.HandCarry).Select(i => new InspectedItem(i, i == InspectionItem.Sign ? ItemResult.NotOk : i == InspectionItem.WireLock ? ItemResult.NotApplicable : ItemResult.Ok, i == InspectionItem.Sign ? "色あせて車道から読めない" : ""));
        var entry = new InspectionEntry(site, InspectionKind.HandCarry, now.AddDays(-19), [.. items], "雨天", [new FollowUpWanted(InspectionItem.Sign, "order a new sign and put it up at the northern arm", today.AddDays(-2)), new FollowUpWanted(InspectionItem.Sign, "写真を記録する", today.AddDays(20))]);
        await books.Inspections.RecordAsync(s_anna, entry, null, null, CancellationToken.None);
        await books.Inspections.RecordAsync(s_anna, entry with { FollowUps = [] }, "i1", "the note was of another day", CancellationToken.None);
        var span = new RequestedSpan(site, [MatrixSites.Heavy.Cameras[0].Id.Value], now.AddHours(-20), now.AddHours(-19));
        await books.Requests.ReceiveAsync(s_anna, RequestKind.Erasure, today.AddDays(-20), span, "a white van that stood at the crossing for a long time, around noon\n消去を希望", new RequesterContact("請求 一郎", "川崎市川崎区1-2-3", "ichiro@example.jp", ""), today);
        await books.Requests.AssignAsync(s_anna, "q1", "anna");
        await books.Requests.NoteAsync(s_anna, "q1", "cam-north: 3 segments");
        await books.Requests.ReceiveAsync(s_anna, RequestKind.Disclosure, today.AddDays(-60), span with { Cameras = [], From = null, To = null }, "which data there is", new RequesterContact("", "", "", ""), today);
        await books.Requests.ReceiveAsync(s_anna, RequestKind.Purpose, today, span, "利用目的の照会", new RequesterContact("", "", "a@example.jp", ""), today);
        await books.Requests.AnswerAsync(s_anna, "q3", RequestOutcome.Granted, "交通流の計測のためです。");
        await books.Approvals.RequestAsync(ApprovalKind.Erase, $"erase recordings of site {site}, all cameras, from 2026-11-01T00:00:00Z to 2026-11-02T00:00:00Z, for request q1", new RegisterAuthor("carla-roadside-maintenance", "account[operator]:carla-roadside-maintenance"));
        var own = await books.Approvals.RequestAsync(ApprovalKind.Export, "export bundle 7 to disk WD-01", s_anna);
        await books.Approvals.RefuseAsync(own.Id, "the disk is not encrypted", new RegisterAuthor("bert", "account[custodian]:bert"));
        await books.Approvals.RequestAsync(ApprovalKind.Export, "export bundle 8 to disk WD-02", s_anna);
    }

    private sealed class Seen(TimeProvider time) : IProgramChecks
    {
        public Task<IReadOnlyList<ProgramCheck>> LookAsync(string site, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<ProgramCheck>>(
        [
            new(InspectionItem.Clock, "roadside-1:4053", CheckVerdict.Good, "+0.4 s", time.GetUtcNow()),
            new(InspectionItem.Masks, "cam-north", CheckVerdict.Bad, "moved", time.GetUtcNow()),
            new(InspectionItem.Masks, "cam-east", CheckVerdict.Unknown, "dark", time.GetUtcNow()),
            new(InspectionItem.FreeSpace, "roadside-1:4053 /var/lib/trafficflow", CheckVerdict.Good, "231.4 GB of 1000 GB", time.GetUtcNow()),
        ]);
    }

    private sealed class Recorded : IRecordedSegments
    {
        public Task<FoundRecordings> OverlappingAsync(string site, System.Collections.Immutable.ImmutableArray<string> cameras, DateTimeOffset from, DateTimeOffset to, TrafficFlow.Wire.Authorization.Principal by, CancellationToken cancellation) =>
            Task.FromResult(new FoundRecordings(
                [new("cam-north", from, from.AddMinutes(10), to.AddDays(30), null, "roadside-1:4053"), new("cam-north", from.AddMinutes(10), from.AddMinutes(20), null, "accident of 12 November")],
                [new UnseenRecordings("roadside-2:4053", "node roadside-2:4053 does not answer: it is not in the cluster: is it on, and its link up?", ["cam-south"])]));
    }
}
