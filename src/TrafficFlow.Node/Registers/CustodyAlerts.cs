using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Texts;
using TrafficFlow.Vault.Approvals;
using TrafficFlow.Vault.Inspections;
using TrafficFlow.Vault.Persons;
using TrafficFlow.Vault.Policies;
using TrafficFlow.Web.Alerts;
using TrafficFlow.Web.Pages.Custody;
using TrafficFlow.Wire.Health;

namespace TrafficFlow.Node.Registers;

/// <summary>What has to be told of the registers now. Pure; each has the same id for as long as it is the same thing.</summary>
internal static class CustodyAlerts
{
    private const int RequestSoonWorkdays = 3;
    private const int LongestId = 200;
    private const int LongestTitle = 200;
    private const int LongestText = 2_000;

    /// <summary>A policy that was loosened is told for so long.</summary>
    public static readonly TimeSpan LoosenedFor = TimeSpan.FromDays(14);

    /// <summary>Policies that were loosened of late, and not made as strict again since; each with what is still looser, as "NAME: OLD, now NEW".</summary>
    public static IEnumerable<(PolicyChange Change, string What)> Loosened(CustodyBooks books, DateTimeOffset now) =>
        from l in books.Policies.StillLoosened where now - l.Change.Entry.Time < LoosenedFor select (l.Change, string.Join("; ", l.What));

    /// <summary>Of another node, maybe: its texts are shown, not believed, and it is said whose they are.</summary>
    public static Alert Of(DueReport due)
    {
        var text = PlainText.Lines(due.Text.Length <= LongestText ? due.Text : due.Text[..LongestText]);
        if (ReportedDues.NodeOf(due.Id) is { } node) text = $"{text.TrimEnd()}\n\n(reported by node {node}; ノード{node}からの報告)\n";
        return new Alert(PlainText.Of(due.Id, LongestId), PlainText.Of(due.Title, LongestTitle), text);
    }

    /// <param name="held">Dismissals that could not be carried out.</param>
    public static IEnumerable<Alert> Of(CustodyBooks books, PersonsEnforced held, DateTimeOffset now)
    {
        foreach (var due in books.Inspections.Due())
        {
            // Each working day by itself would be told each morning: only what went without.
            if (due.Standing == InspectionStanding.Later || (due.Plan.EachDays is null && due.Standing != InspectionStanding.Overdue)) continue;
            var (kind, kindJa) = due.Plan.Kind == InspectionKind.HandCarry ? ("inspection at the site", "現地点検") : ("inspection from afar", "遠隔利用の点検");
            var (state, stateJa) = due.Standing switch { InspectionStanding.Overdue => ("is overdue", "期限超過"), InspectionStanding.Due => ("is due today", "本日期限"), _ => ("is due soon", "期限間近") };
            yield return new Alert(
                $"inspection/{due.Plan.Site}/{due.Plan.Kind}/{due.Due:yyyy-MM-dd}/{due.Standing}".ToLowerInvariant(), $"{due.Plan.Site}: {kind} {state} ({kindJa} {stateJa})",
                $"{due.Plan.Site}: the {kind} was to be made by {due.Due:yyyy-MM-dd}. Record it on the page /custody/inspections.\n\n{due.Plan.Site}: {kindJa}の期限は{due.Due:yyyy年M月d日}です。画面「点検」で記録してください。\n");
        }

        foreach (var (followUp, today) in books.Inspections.Read().Open.Select(f => (f, Today(books, f.Site, now))).Where(f => f.Item2 > f.f.Due))
        {
            yield return new Alert(
                $"follow-up/{followUp.Id}/{followUp.Due:yyyy-MM-dd}", $"{followUp.Site}: what an inspection found is overdue (点検指摘事項 期限超過)",
                $"{followUp.Site}: follow-up {followUp.Id} of inspection {followUp.Inspection} was to be done by {followUp.Due:yyyy-MM-dd}. Close it on the page /custody/inspections.\n\n点検{followUp.Inspection}の指摘事項{followUp.Id}の期限は{followUp.Due:yyyy年M月d日}でした。\n");
        }

        foreach (var asked in books.Requests.Open())
        {
            var today = Today(books, asked.Span.Site, now);
            if (books.Calendar(asked.Span.Site).Add(today, RequestSoonWorkdays) < asked.Due) continue;
            var (state, stateJa) = today > asked.Due ? ("is overdue", "期限超過") : ("is due soon", "期限間近");
            yield return new Alert(
                $"request/{asked.Id}/{asked.Due:yyyy-MM-dd}/{(today > asked.Due ? "overdue" : "soon")}", $"Request {asked.Id} {state} (請求 {stateJa})",
                $"Request {asked.Id} is to be answered by {asked.Due:yyyy-MM-dd}. See the page /custody/requests.\n\n請求{asked.Id}の回答期限は{asked.Due:yyyy年M月d日}です。画面「請求」で対応してください。\n");
        }

        foreach (var (change, what) in Loosened(books, now))
        {
            yield return new Alert(
                $"policy/{change.Entry.Number}", $"{change.Now.Site}: the policy of custody was loosened (データ管理方針の緩和)",
                $"The file of site {change.Now.Site} was changed, found on {change.Entry.Time.UtcDateTime:yyyy-MM-dd HH:mm}Z, and protects less: {what}. If the custodian did not decide so, put it back and look into the audit.\n\n{change.Now.Site}のサイトファイルでデータ管理の定めが緩められました（{what}）。管理責任者の決定によるものか確認してください。\n");
        }

        foreach (var asked in books.Approvals.Read().Approvals.Where(a => a.StateAt(now) == ApprovalState.Requested))
        {
            yield return new Alert(
                $"approval/{asked.Id}", $"{asked.Id} waits for a second person (承認待ち)",
                $"{asked.Id} waits for another person's approval until {asked.OpenUntil.UtcDateTime:yyyy-MM-dd HH:mm}Z. See the page /custody.\n\n{asked.Id}は別の担当者の承認待ちです。画面「データ管理」で確認してください。\n");
        }

        foreach (var (appointment, _) in held.Held)
        {
            yield return new Alert(
                $"dismissal-held/{appointment.Id}", $"A dismissal could not be carried out: {appointment.Id} (解任が実行できません)",
                $"The dismissal {appointment.Id} is in force and could not be carried out: no other custodian can log in. Make another one (trafficflow account add NAME --role custodian), who uses the link.\n\n解任{appointment.Id}を実行できません。ログインできる管理責任者が他にいません。\n");
        }
    }

    private static DateOnly Today(CustodyBooks books, string site, DateTimeOffset now) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, books.Inspections.Plans.FirstOrDefault(p => p.Plan.Site == site).Zone ?? books.Zone(site)).DateTime);
}
