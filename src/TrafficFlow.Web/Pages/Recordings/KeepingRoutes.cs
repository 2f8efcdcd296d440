using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Texts;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Registers;
using TrafficFlow.Web.Access;
using TrafficFlow.Web.Http;
using TrafficFlow.Web.Pages.Accounts;
using TrafficFlow.Web.Pages.Custody;
using TrafficFlow.Wire.Authorization;
using TrafficFlow.Wire.Recordings;

namespace TrafficFlow.Web.Pages.Recordings;

/// <summary>What the forms of the pages of vaults, hand-carry and retention are sent to, and the files that are carried back. The vault that is asked decides and does it; here it is recorded who asked for what.</summary>
internal static class KeepingRoutes
{
    private const string Vaults = "/custody/vaults";
    private const string Carry = "/custody/carry";
    private const string Retention = "/custody/retention";

    /// <summary>Around a file, in a form.</summary>
    private const int FormBytes = 64 * 1024;

    private static readonly BeginVaultTask s_nothing = new(new Principal("", ""), VaultTask.Verify, new RecordingScope(), "", 0, "", "", 0, null, "", []);

    public static void Map(IEndpointRouteBuilder app, WebPorts ports)
    {
        Post($"{Vaults}/verify", Vaults, (f, _) =>
        {
            var (scope, _) = ScopeOf(f);
            return s_nothing with { Task = VaultTask.Verify, Scope = scope };
        });
        Post($"{Vaults}/rotate", Vaults, (_, _) => s_nothing with { Task = VaultTask.Rotate });
        Post($"{Carry}/export", Carry, (f, _) =>
        {
            // Of a bundle that is planned the scope is known.
            if (f.Text("id") is { Length: > 0 } id) return s_nothing with { Task = VaultTask.Export, Id = id, Path = f.Text("path").Trim(), Volume = Number(f, "volume", 100_000) };
            var (scope, zone) = ScopeOf(f);
            return s_nothing with
            {
                Task = VaultTask.Export,
                Scope = scope,
                Other = f.Text("other"),
                Path = f.Text("path").Trim(),
                VolumeBytes = Number(f, "gigabytes", 100_000) * 1_000_000_000L,
                // The day is within.
                Until = f.OptionalDay("until") is { } day ? CustodyForm.Begin(day.AddDays(1), zone) : null,
            };
        });
        Post($"{Carry}/cancel", Carry, (f, _) => s_nothing with { Task = VaultTask.CancelExport, Id = f.Text("id") });
        Post($"{Carry}/import", Carry, (f, _) => s_nothing with { Task = VaultTask.Import, Path = f.Text("path").Trim() });
        Post($"{Carry}/confirm", Carry, (f, file) => s_nothing with { Task = VaultTask.Confirm, Path = file.IsEmpty ? f.Text("path").Trim() : "", File = file });
        Post($"{Carry}/trust", Carry, (f, file) => s_nothing with { Task = VaultTask.Trust, Other = f.Text("fingerprint"), File = file });
        Post($"{Carry}/distrust", Carry, (f, _) => s_nothing with { Task = VaultTask.Distrust, Other = f.Text("fingerprint") });
        Post($"{Retention}/clock", Retention, (f, _) => s_nothing with { Task = VaultTask.ConfirmClock, Reason = f.Text("reason") });
        app.MapGet(Carry + "/{node}/identity", (string node, HttpContext context) => FileAsync(context, ports, node, VaultFileKind.Identity, "", $"{FileName(node)}.identity", Carry));
        app.MapGet(Carry + "/{node}/confirmation/{id}", (string node, string id, HttpContext context) => FileAsync(context, ports, node, VaultFileKind.Confirmation, id, $"{FileName(id)}.CONFIRMATION", Carry));
        app.MapGet(Retention + "/{node}/report/{id}", (string node, string id, HttpContext context) => FileAsync(context, ports, node, VaultFileKind.EndReport, id, FileName(id), Retention));

        void Post(string path, string back, Func<DeskForm, ImmutableArray<byte>, BeginVaultTask> order) => app.MapPost(path, context => BeginAsync(context, ports, path["/custody/".Length..].Replace('/', ' '), back, order));

        (RecordingScope, TimeZoneInfo) ScopeOf(DeskForm f)
        {
            var site = f.Text("site");
            if (site.Length > 0 && !NameRule.IsChosen(site)) throw new RegisterException("that is no site");
            var zone = (ports.Sites().FirstOrDefault(s => s.Id.Value == site) ?? ports.Sites().FirstOrDefault())?.TimeZone ?? TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo");
            var (from, to) = (f.OptionalTime("from", zone), f.OptionalTime("to", zone));
            if (from >= to) throw new RegisterException("the time ends before it begins");
            return (new RecordingScope(site.Length == 0 ? null : new SiteId(site), null, from, to), zone);
        }
    }

    /// <exception cref="RegisterException">It is none.</exception>
    private static int Number(DeskForm form, string name, int most) => form.Text(name) is not { Length: > 0 } text ? 0
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most ? number : throw new RegisterException($"\"{PlainText.Of(text, 20)}\" is no number from 1 to {most}");

    private static async Task BeginAsync(HttpContext context, WebPorts ports, string action, string back, Func<DeskForm, ImmutableArray<byte>, BeginVaultTask> order)
    {
        if (ports.Recordings is not { } recordings)
        {
            await CustodyRoutes.NoRegisters.WriteAsync(context);
            return;
        }

        // A confirmation may be larger than what else is sent here.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = BeginVaultTask.LongestFile + FormBytes;
        if (await DeskForm.ReadAsync(context) is not { } form) return;
        var caller = context.Features.Get<Caller>()!;
        try
        {
            var file = await form.FileAsync("file", BeginVaultTask.LongestFile, context.RequestAborted)
                ?? throw new RegisterException($"the file is larger than {BeginVaultTask.LongestFile / 1_000_000} MB: put it on the machine of the node, and write its path");
            var asked = order(form, [.. file]) with { By = CallerAudit.PrincipalOf(caller) };
            var node = form.Text("node");
            var target = new[] { asked.Id, asked.Path, asked.Other, $"{asked.Scope.Site}" }.FirstOrDefault(t => t.Length > 0) ?? "vault";
            var e = CallerAudit.Of(caller, AuditKind.Change, action, PlainText.Of(target, 200), $"at node {PlainText.Of(node, 100)}{(asked.Reason.Length > 0 ? $": {PlainText.Of(asked.Reason, 300)}" : "")}");
            if (!await ports.Record(e with { Outcome = "begun" }))
            {
                await CallerAudit.NotRecorded.WriteAsync(context);
                return;
            }

            // What was begun is ended, be it that the page was closed.
            var answer = await recordings.AskAsync<VaultOrdered>(node, asked, CancellationToken.None);
            var outcome = answer.Answer?.Outcome ?? VaultOrderOutcome.Failed;
            IReadOnlyList<string> lines = answer.Answer?.Lines ?? (IReadOnlyList<string>)[answer.Why ?? ""];
            var begun = outcome == VaultOrderOutcome.Done ? answer.Answer!.Task : "";
            // How it ends, the audit of the node there has.
            await ports.Record(e with { Outcome = begun.Length > 0 ? $"begun there ({PlainText.Of(begun, 20)})" : outcome == VaultOrderOutcome.Done ? "done" : $"{outcome.ToString().ToLowerInvariant()}: {PlainText.Of(string.Join("; ", lines), 500)}" });
            var isWell = outcome is VaultOrderOutcome.Done or VaultOrderOutcome.Waits;
            await CustodyRoutes.Page(context, isWell ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest, new CustodyAnswer(
                outcome switch
                {
                    VaultOrderOutcome.Done when begun.Length > 0 => t => KeepingTexts.For(t.Language).HasBegun,
                    VaultOrderOutcome.Done => t => RecordingTexts.For(t.Language).Done,
                    VaultOrderOutcome.Waits => t => RecordingTexts.For(t.Language).WaitsForSecond,
                    VaultOrderOutcome.Failed when answer.Answer is not null => t => KeepingTexts.For(t.Language).NotWhole,
                    _ => t => RecordingTexts.For(t.Language).NotDone,
                },
                outcome == VaultOrderOutcome.Waits ? "/custody" : back)
            {
                Problem = isWell ? null : lines is [.., var last] ? last : "",
                Lines = isWell ? lines : [.. lines.SkipLast(1)],
                InLanguage = VaultPhrases.In,
            }).ExecuteAsync(context);
        }
        catch (RegisterException e)
        {
            await CustodyRoutes.Page(context, StatusCodes.Status400BadRequest, new CustodyAnswer(t => RecordingTexts.For(t.Language).NotDone, back) { Problem = e.Message, InLanguage = VaultPhrases.In }).ExecuteAsync(context);
        }
    }

    private static async Task FileAsync(HttpContext context, WebPorts ports, string node, VaultFileKind kind, string id, string name, string back)
    {
        var caller = context.Features.Get<Caller>()!;
        if (ports.Recordings is not { } recordings)
        {
            await CustodyRoutes.NoRegisters.WriteAsync(context);
            return;
        }

        if (id.Length > 120 || !id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.'))
        {
            await new Problem(StatusCodes.Status404NotFound, "No such file", "there is none of that name", $"see {back}").WriteAsync(context);
            return;
        }

        var answer = await recordings.AskAsync<VaultFileFound>(node, new GetVaultFile(CallerAudit.PrincipalOf(caller), kind, id), context.RequestAborted);
        if (answer.Answer is not { } found)
        {
            await new Problem(answer.Silence is null ? StatusCodes.Status404NotFound : StatusCodes.Status504GatewayTimeout, "No such file", answer.Why ?? "", $"see {back}").WriteAsync(context);
            return;
        }

        if (!await ports.Record(CallerAudit.Of(caller, AuditKind.Export, $"vault {kind.ToString().ToLowerInvariant()}", id.Length > 0 ? id : node, $"of node {PlainText.Of(node, 100)}")))
        {
            await CallerAudit.NotRecorded.WriteAsync(context);
            return;
        }

        // Never shown here: the policy of these pages forbids the styles that a report carries.
        context.Response.ContentType = "application/octet-stream";
        context.Response.ContentLength = found.File.Length;
        context.Response.GetTypedHeaders().ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = name };
        if (!HttpMethods.IsHead(context.Request.Method)) await context.Response.Body.WriteAsync(found.File.AsMemory(), context.RequestAborted);
    }

    private static string FileName(string text) => string.Concat(text.Take(120).Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' ? c : '_'));
}
