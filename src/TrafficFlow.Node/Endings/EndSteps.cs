using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Tokens;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Endings;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.HandCarry;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Persons;
using TrafficFlow.Vault.Recordings;
using TrafficFlow.Vault.Registers;
using TrafficFlow.Vault.Segments;
using TrafficFlow.Web.Pages.Custody;

namespace TrafficFlow.Node.Endings;

/// <summary>The steps of an end, each of which may be done again where a crash has cut it.</summary>
internal sealed class EndSteps(EndNode node, RecordingVault vault, TimeProvider time)
{
    /// <summary>A line of the register has its bounds; the report lists all.</summary>
    private const int MostCopiesTold = 50;

    /// <summary>Of what receipts say: their figures differ, and each of them says its own.</summary>
    private const int MostSentences = 200;

    public async Task<EndedStep> RunAsync(EndStep step, EndState state)
    {
        var (lines, left) = (new List<BilingualText>(), new List<BilingualText>());
        switch (step)
        {
            case EndStep.Recording:
                // The register that has begun it is what keeps cameras from recording: here it is only told.
                lines.Add(new($"{Where(state.Site, "ja")}の記録を停止しました。", $"nothing of {Where(state.Site, "en")} is recorded any more"));
                break;
            case EndStep.Pictures:
                // With its master the vault loses what gives bundles up and checks the ledger of copies.
                await Task.Run(() => CancelPlanned(state, lines));
                if (state.Site is null && vault.Keys.State == VaultState.Open && vault.Holds.Meeting(state.Scope).Count == 0) await vault.Ends.KeepCopiesAsync(state.Id, vault.Copies.All, Author(state));
                await Task.Run(() => Pictures(state, lines, left));
                break;
            case EndStep.Kinds:
                if (node.Sweep is { } sweep) await sweep();
                else left.Add(new("ノードが停止しているため、保存期間を過ぎた計測値等は次の起動後に消去されます。", "the node does not run: what has reached its age of journeys, counts, audit and accounts goes when it does"));
                foreach (var kind in Kinds(state).Where(k => k.Kind != KeptKind.Pictures)) Kind(kind, lines, left);
                break;
            case EndStep.Copies:
                CancelPlanned(state, lines);
                if (vault.Keys.State == VaultState.Absent) await vault.Ends.KeepCopiesAsync(state.Id, [.. vault.Copies.All.Where(c => c.Scope.Meets(state.Scope))], Author(state));
                Copies(state, lines, left);
                break;
            case EndStep.Tokens:
                await TokensAsync(state, lines, left);
                break;
            case EndStep.Persons:
                await PersonsAsync(state, lines, left);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(step), step, "no such step");
        }

        return new EndedStep(step, time.GetUtcNow(), lines, left);
    }

    public EndReport Report(EndState state)
    {
        var (receipts, proved, notProved, _) = Receipts(state);
        return new EndReport(
            EndReport.FormatOfNow, state, node.Name, time.GetUtcNow(), [.. SitesOf(state).Select(s => new EndedSite(s.Id.Value, s.Name))], Kinds(state), receipts, vault.Holds.Meeting(state.Scope),
            [.. CopiesOf(state).Select(c => c.Copy)], AuditReader.Read(new AuditPlace(node.Data), new AuditFilter()).Select(r => r.Number).DefaultIfEmpty(0).Max())
        {
            Proved = proved,
            NotProved = notProved,
        };
    }

    /// <summary>Who is appointed for operating and goes with the last site.</summary>
    public IReadOnlyList<Appointment> Operators(SiteId? site) => IsLast(site) ? [.. node.Persons.Read().Appointments.Where(a => a.Duty == Duty.Operator && a.Dismissal is not { TookEffectAt: not null })] : [];

    /// <summary>Tokens of subscribers and programs that are good for this alone.</summary>
    public IReadOnlyList<string> TokensOf(SiteId? site) => [.. SubscriberTokens(site).Select(t => t.Name), .. ApiTokens(site).Select(t => t.Name)];

    private void Pictures(EndState state, List<BilingualText> lines, List<BilingualText> left)
    {
        foreach (var note in vault.Resume()) lines.Add(new(SignedSentences.In("ja", note), note));
        // Before another one is begun: each new try would order one more, and one more receipt.
        if (vault.WhyErasing(state.Scope) is { } waits) throw new ErasureException(waits);
        var order = new EraseOrder(state.Scope, $"end of the experiment: {state.Reason}", state.By, state.Account, state.Approval);
        var holds = vault.Holds.Meeting(state.Scope);
        var kept = vault.Recorded.List(state.Site).Where(IsKept).ToList();
        if (kept.Count == 0 && !vault.Sites.Any(state.Covers) && (state.Site is not null || vault.Keys.State == VaultState.Absent))
        {
            lines.Add(new("消去すべき記録画像は残っていません。", "no recording is left to be erased"));
        }
        else if (holds.Count == 0)
        {
            var receipt = vault.Erase(order);
            lines.Add(new($"記録画像{kept.Count}区間を鍵ごと消去しました（消去証明書 {Name(receipt)}）。", $"{kept.Count} segments were erased with their keys: receipt {Name(receipt)}"));
        }
        else
        {
            var free = kept.Where(s => !IsHeld(s) && SegmentPlace.Parse(s.Place.ToString()) == s.Place).Select(s => s.Place).ToList();
            if (free.Count > 0)
            {
                var receipt = vault.EraseSome(order, free);
                lines.Add(new($"保全の対象でない記録画像{free.Count}区間を消去しました（消去証明書 {Name(receipt)}）。", $"{free.Count} segments that nothing holds were erased: receipt {Name(receipt)}"));
            }

            foreach (var hold in holds)
            {
                left.Add(new(
                    $"保全 {hold.Id}（{hold.Reason}、{hold.Until:yyyy-MM-dd}まで）により{SignedSentences.ScopeIn("ja", hold.Scope.ToString(), ZoneOf(hold.Scope.Site))}の記録画像は消去していません。保全の終了後に trafficflow vault erase で消去してください。",
                    $"{hold.Id} ({hold.Reason}, until {hold.Until:yyyy-MM-dd}) keeps recordings of {hold.Scope}: erase them when it ends (trafficflow vault erase), or let their age do it"));
            }

            var still = vault.Recorded.List(state.Site).Where(IsKept).ToLookup(IsHeld);
            if (still[true].Any()) left.Add(new($"保全中の記録画像: {still[true].Count()}区間", $"{still[true].Count()} segments are held"));
            // Files whose names tell no time: nobody can say whether they are held.
            foreach (var segment in still[false].Take(MostCopiesTold))
                left.Add(new($"{segment.Place} は消去していません（保全の対象か判別できません）。保全の終了後に trafficflow vault erase で消去してください。", $"{segment.Place} was not erased, since nobody can tell whether it is held: erase it when the holds have ended (trafficflow vault erase)"));
        }

        if (vault.WhyErasing(state.Scope) is { } begun) throw new ErasureException(begun);
        var (receipts, _, _, problems) = Receipts(state);
        lines.Add(new($"この対象に関する消去証明書は計{receipts.Count}通です。", $"{receipts.Count} receipts of erasures are listed"));
        foreach (var (ja, en) in problems) left.Add(new(ja, en));
    }

    /// <summary>What no list names (it was cut, or its day's key is damaged) is a recording, too.</summary>
    public static bool IsKept(RecordedSegment segment) => segment.State is SegmentState.Whole or SegmentState.Cut or SegmentState.Open or SegmentState.NotListed;

    private bool IsHeld(RecordedSegment segment) => vault.Holds.Meeting(new EraseScope(segment.Place.Site, segment.Place.Camera, segment.From, segment.Until(vault.Options.Longest))).Count > 0;

    private static void Kind(EndedKind kind, List<BilingualText> lines, List<BilingualText> left)
    {
        var (ja, en) = kind.Kind switch { KeptKind.Journeys => ("通行経路", "journeys"), KeptKind.Counts => ("計測値", "counts"), KeptKind.Audit => ("操作の記録", "the audit"), _ => ("利用者の登録", "accounts") };
        if (kind.End is { } end) lines.Add(new($"{kind.Site}の{ja}は定めにより{end:yyyy-MM-dd}までに消去されます。", $"{en} of {kind.Site} are removed by {end:yyyy-MM-dd} at the latest ({kind.Rule})"));
        else left.Add(new($"{kind.Site}の{ja}には保存期間の定めがなく、残ります。", $"{en} of {kind.Site} stay: its file sets no age or last day for them (custody.retention)"));
    }

    /// <summary>Gives up what was never written. Where the vault has no key any more it stays as it is: nobody could tell that this was so.</summary>
    private void CancelPlanned(EndState state, List<BilingualText> lines)
    {
        if (vault.Keys.State == VaultState.Absent) return;
        foreach (var bundle in vault.Exports.Where(b => !b.IsEnded && b.Scope.Meets(state.Scope) && IsPlanned(b)))
        {
            // The copy first: cut between the two, the bundle is still there to be given up.
            if (vault.Copies.All.Any(c => c.Id == bundle.Copy && c.Ended is null)) vault.Copies.End(bundle.Copy, "it was never written: cancelled by the end of the experiment");
            vault.CancelExport(bundle.Bundle);
            lines.Add(new($"媒体に書き出されていない持出し {bundle.Bundle} を取り消しました。", $"bundle {bundle.Bundle}, which was never written, is cancelled"));
        }
    }

    private static bool IsPlanned(BundleRecord bundle) => bundle.Volumes.All(v => v.State == VolumeState.Planned);

    private IEnumerable<(string Name, CopyEntry Copy)> CopiesOf(EndState state) => vault.KnownCopies.Where(c => c.Copy.Scope.Meets(state.Scope));

    private static RegisterAuthor Author(EndState state) => new(state.By, state.Account);

    private void Copies(EndState state, List<BilingualText> lines, List<BilingualText> left)
    {
        foreach (var bundle in vault.Exports.Where(b => !b.IsEnded && b.Scope.Meets(state.Scope)))
        {
            // Of one that is still planned the key was destroyed with the vault's, before it could be given up.
            left.Add(IsPlanned(bundle) ? new($"持出し {bundle.Bundle} は書出し前に鍵が破棄されました。書出し中の媒体があれば廃棄してください。", $"bundle {bundle.Bundle} was planned when its key was destroyed with the vault's: destroy a disk on which it was begun")
                : new($"持出し {bundle.Bundle} の媒体は受入れの確認が済んでいません。", $"bundle {bundle.Bundle} is on disks, and not all of it was confirmed to be taken in"));
        }

        var copies = CopiesOf(state).ToList();
        var open = copies.Where(c => c.Copy.Ended is null).ToList();
        foreach (var (name, copy) in open.Take(MostCopiesTold))
        {
            var late = copy.IsOverdue(time.GetUtcNow());
            left.Add(new(
                $"複製 {copy.Id}（{SignedSentences.In("ja", copy.Where)}、作成 {copy.By}）は未廃棄です。期限 {copy.Until:yyyy-MM-dd}{(late ? "（超過）" : "")}。廃棄後に trafficflow vault end-copy {name} --reason で届け出てください。",
                $"{copy.Id}, {copy.Where} (made by {copy.By}), has not ended; to be destroyed by {copy.Until:yyyy-MM-dd}{(late ? ", which is OVER" : "")}: trafficflow vault end-copy {name} --reason tells how it was"));
        }

        if (open.Count > MostCopiesTold) left.Add(new($"ほかに未廃棄の複製が{open.Count - MostCopiesTold}件あります（報告書の一覧、trafficflow vault copies）。", $"{open.Count - MostCopiesTold} more copies have not ended: the report's list and trafficflow vault copies name them"));
        lines.Add(new($"廃棄済みの複製は{copies.Count - open.Count}件です。", $"{copies.Count - open.Count} copies have ended"));
        lines.Add(new("このプログラムのバックアップは、記録画像もその鍵も含みません。計測値・監査記録等を含むバックアップは、保管者が期限までに廃棄してください。", "backups of this program hold neither recordings nor keys of them; they hold counts, journeys, audit and accounts, and whoever keeps them ends them with those"));
    }

    private async Task TokensAsync(EndState state, List<BilingualText> lines, List<BilingualText> left)
    {
        var subscribers = SubscriberTokens(state.Site);
        if (subscribers.Count > 0) await TokenFile.ChangeAsync(node.TokensFile!, list => subscribers.Aggregate(list, (l, t) => l.Revoke(t.Name, state.Account, time.GetUtcNow())), time, CancellationToken.None);
        var programs = ApiTokens(state.Site);
        if (programs.Count > 0) await node.Accounts.RevokeTokensAsync([.. programs.Select(t => t.Name)], state.Account);
        var names = string.Join(", ", subscribers.Select(t => t.Name).Concat(programs.Select(t => t.Name)));
        lines.Add(names.Length == 0 ? new("この対象のみの購読・トークンはありません。", "no token is for this alone") : new($"購読・トークンを取り消しました: {names}", $"tokens are revoked: {names}"));
        foreach (var feed in node.Feeds.Where(f => state.Site is not { } site || f.Sites.Count == 0 || f.Sites.Contains(site.Value)))
            left.Add(new($"配信 {feed.Name}（{feed.To}）は設定ファイルに残っています。不要であれば trafficflow.feeds から削除してください。", $"feed {feed.Name} to {feed.To} is still in the settings: take it out of trafficflow.feeds where it is of this experiment"));
    }

    private async Task PersonsAsync(EndState state, List<BilingualText> lines, List<BilingualText> left)
    {
        if (!IsLast(state.Site))
        {
            left.Add(new("他の地点が運用中のため、操作担当者は解任していません。", "other sites go on here: operators are appointed for the node, and stay"));
            return;
        }

        var by = Author(state);
        foreach (var appointment in Operators(state.Site))
        {
            try
            {
                await node.Persons.DismissAsync(by, appointment.Id, null, "end of the experiment");
                lines.Add(new($"操作担当者 {appointment.Person} を解任しました。", $"operator {appointment.Person} is dismissed"));
            }
            catch (RegisterException e)
            {
                left.Add(new($"操作担当者 {appointment.Person} を解任できませんでした（{e.Message}）。", $"operator {appointment.Person} could not be dismissed: {e.Message}"));
            }
        }

        var custodians = node.Persons.Read().Appointments.Where(a => a.Duty == Duty.Custodian && a.IsInForce(time.GetUtcNow())).Select(a => a.Person).ToList();
        lines.Add(new(custodians.Count == 0 ? "管理責任者は任命されていません。" : $"管理責任者（{string.Join("、", custodians)}）は残務のため在任しています。", $"custodians stay for what is left: {(custodians.Count == 0 ? "none is appointed" : string.Join(", ", custodians))}"));
    }

    private List<Site> SitesOf(EndState state) => [.. node.Sites().Where(s => state.Covers(s.Id))];

    private TimeZoneInfo ZoneOf(SiteId? site) => (node.Sites().FirstOrDefault(s => s.Id == site) ?? node.Sites().FirstOrDefault())?.TimeZone ?? TimeZoneInfo.Utc;

    /// <summary>No other site of this node goes on.</summary>
    private bool IsLast(SiteId? site) => site is not { } one || node.Sites().All(s => s.Id == one);

    private List<EndedKind> Kinds(EndState state)
    {
        var now = time.GetUtcNow();
        return
        [
            .. from site in SitesOf(state)
               from kind in Enum.GetValues<KeptKind>()
               let rule = site.Custody?.Retention.Of(kind) ?? default
               // What is born last is born now.
               select new EndedKind(site.Id.Value, kind, rule.IsLimited ? rule.ToString() : "", rule.EndOf(now, site.TimeZone)),
        ];
    }

    private (IReadOnlyList<EndedReceipt> Receipts, IReadOnlyList<string> Proved, IReadOnlyList<string> NotProved, IReadOnlyList<(string, string)> Problems) Receipts(EndState state)
    {
        var (found, problems) = (new List<EndedReceipt>(), new List<(string, string)>());
        var (proved, notProved) = (new List<string>(), new List<string>());
        var keys = new AuditPlace(node.Data).PublicKeys();
        foreach (var path in vault.Receipts)
        {
            try
            {
                var file = File.ReadAllBytes(path);
                var receipt = ReceiptFile.Verify(file, keys);
                if (!receipt.Order.Scope.Meets(state.Scope) || !IsOf(receipt, state)) continue;
                found.Add(EndedReceipt.Of(file, receipt));
                Once(proved, receipt.Proved);
                Once(notProved, receipt.NotProved);
            }
            catch (FormatException e)
            {
                problems.Add(($"消去証明書 {Name(path)} は真正と認められません（{e.Message}）。", $"receipt {Name(path)} is not genuine: {e.Message}"));
            }
        }

        return (found, proved, notProved, problems);

        static void Once(List<string> all, IReadOnlyList<string> said)
        {
            foreach (var sentence in said.Where(s => all.Count <= MostSentences && !all.Contains(s))) all.Add(all.Count < MostSentences ? sentence : "Further sentences stand in the receipts alone.");
        }
    }

    private static bool IsOf(ErasureReceipt receipt, EndState state) => state.Site is not { } site
        || receipt.Order.Scope.Site == site || receipt.Days.Any(d => d.Site == site.Value) || receipt.Keys.Any(k => k.Name == $"site:{site}") || receipt.Segments.Any(s => s.Segment.StartsWith($"{site}/", StringComparison.Ordinal));

    private List<SubscriberToken> SubscriberTokens(SiteId? site)
    {
        if (node.TokensFile is not { } file) return [];
        var now = time.GetUtcNow();
        // As flow.SITE.APPROACH, journeys.SITE and health.SITE.… are written.
        return [.. TokenFile.Read(file).Tokens.Where(t => t.RevokedAt is null && t.Until > now && (site is not { } one || t.Scope.Patterns.All(p => p.Split('.') is [_, var of, ..] && of == one.Value)))];
    }

    private List<ApiToken> ApiTokens(SiteId? site)
    {
        var now = time.GetUtcNow();
        return [.. node.Accounts.List().Tokens.Where(t => t.RevokedAt is null && t.Until > now && (site is not { } one || t.Scope.Sites is [var only] && only == one.Value))];
    }

    private static string Name(string path) => Path.GetFileNameWithoutExtension(path);

    private static string Where(SiteId? site, string language) => (site, language) switch { ({ } one, "ja") => $"地点 {one} ", ({ } one, _) => $"site {one}", (null, "ja") => "設備全体", _ => "the whole installation" };
}
