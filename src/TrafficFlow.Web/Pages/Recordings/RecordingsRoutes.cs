using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Registers;
using TrafficFlow.Web.Access;
using TrafficFlow.Web.Http;
using TrafficFlow.Web.Pages.Accounts;
using TrafficFlow.Web.Pages.Custody;
using TrafficFlow.Wire.Recordings;

namespace TrafficFlow.Web.Pages.Recordings;

/// <summary>What the forms of the pages of recordings are sent to, and receipts as files. The vault that is asked decides and does it; here it is recorded who asked for what.</summary>
internal static class RecordingsRoutes
{
    public static void Map(IEndpointRouteBuilder app, WebPorts ports)
    {
        Post("/custody/recordings/erase", "recording erase", f => BackToDay(f), (f, by) =>
        {
            var (site, zone) = SiteOf(f);
            if (f.Text("reason").Length == 0) throw new RegisterException("an erasure needs its reason: it stands in the receipt");
            var (from, to) = (f.OptionalTime("from", zone), f.OptionalTime("to", zone));
            if (from is null || to is null || to <= from) throw new RegisterException("the time needs a begin, and an end behind it");
            if (to > ports.Time.GetUtcNow()) throw new RegisterException("the time to be erased is not over yet: what comes until then would not be erased. Name an end that has passed");
            return new OrderVault(by, VaultOrder.Erase, new RecordingScope(site, CameraOf(f), from, to), [], "", f.Text("reason"));
        });
        Post("/custody/holds/set", "recording hold", _ => "/custody/holds", (f, by) =>
        {
            var (site, zone) = SiteOf(f);
            var until = f.OptionalTime("until", zone) ?? throw new RegisterException("a hold needs its end");
            return new OrderVault(by, VaultOrder.Hold, new RecordingScope(site, CameraOf(f), f.OptionalTime("from", zone), f.OptionalTime("to", zone)), [], "", f.Text("reason"), until);
        });
        Post("/custody/holds/release", "recording hold release", _ => "/custody/holds", (f, by) => new OrderVault(by, VaultOrder.ReleaseHold, new RecordingScope(), [], f.Text("id"), f.Text("reason")));
        Post("/custody/copies/end", "recording copy end", _ => "/custody/copies", (f, by) => new OrderVault(by, VaultOrder.EndCopy, new RecordingScope(), [], f.Text("id"), f.Text("how")));
        app.MapGet("/custody/receipts/{node}/{id}", (string node, string id, HttpContext context) => ReceiptAsync(node, id, ports, context));

        (SiteId, TimeZoneInfo) SiteOf(DeskForm f) => ports.Sites().FirstOrDefault(s => s.Id.Value == f.Text("site")) is { } site ? (site.Id, site.TimeZone) : throw new RegisterException("name a site of this node");

        static CameraId? CameraOf(DeskForm f) => f.Text("camera") is { Length: > 0 } camera ? NameRule.IsChosen(camera) ? new CameraId(camera) : throw new RegisterException("that is no camera") : null;

        static string BackToDay(DeskForm f) => NameRule.IsChosen(f.Text("site")) ? $"/custody/recordings?site={Uri.EscapeDataString(f.Text("site"))}" : "/custody/recordings";

        void Post(string path, string action, Func<DeskForm, string> back, Func<DeskForm, Wire.Authorization.Principal, OrderVault> order) => app.MapPost(path, context => OrderAsync(context, ports, action, back, order));
    }

    private static async Task OrderAsync(HttpContext context, WebPorts ports, string action, Func<DeskForm, string> back, Func<DeskForm, Wire.Authorization.Principal, OrderVault> order)
    {
        if (ports.Recordings is not { } recordings)
        {
            await CustodyRoutes.NoRegisters.WriteAsync(context);
            return;
        }

        if (await DeskForm.ReadAsync(context) is not { } form) return;
        var caller = context.Features.Get<Caller>()!;
        try
        {
            var asked = order(form, CallerAudit.PrincipalOf(caller));
            var node = form.Text("node");
            var target = asked.Id.Length > 0 ? asked.Id : $"{asked.Scope.Site}{(asked.Scope.Camera is { } camera ? $"/{camera}" : "")}";
            var e = CallerAudit.Of(caller, AuditKind.Change, action, target, $"at node {Core.Texts.PlainText.Of(node, 100)}: {Core.Texts.PlainText.Of(asked.Reason, 300)}");
            if (!await ports.Record(e with { Outcome = "begun" }))
            {
                await CallerAudit.NotRecorded.WriteAsync(context);
                return;
            }

            // What was begun is ended, be it that the page was closed.
            var answer = await recordings.AskAsync<VaultOrdered>(node, asked, CancellationToken.None);
            var outcome = answer.Answer?.Outcome ?? VaultOrderOutcome.Failed;
            IReadOnlyList<string> lines = answer.Answer?.Lines ?? (IReadOnlyList<string>)[answer.Why ?? ""];
            await ports.Record(e with { Outcome = outcome == VaultOrderOutcome.Done ? "done" : $"{outcome.ToString().ToLowerInvariant()}: {Core.Texts.PlainText.Of(string.Join("; ", lines), 500)}" });
            await Page(context, outcome == VaultOrderOutcome.Done ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest, outcome switch
            {
                VaultOrderOutcome.Done => new CustodyAnswer(t => RecordingTexts.For(t.Language).Done, back(form)) { Lines = lines },
                VaultOrderOutcome.Waits => new CustodyAnswer(t => RecordingTexts.For(t.Language).WaitsForSecond, "/custody") { Lines = lines },
                VaultOrderOutcome.Nothing => new CustodyAnswer(t => RecordingTexts.For(t.Language).NothingToErase, back(form)) { Lines = lines },
                _ => new CustodyAnswer(t => RecordingTexts.For(t.Language).NotDone, back(form)) { Problem = string.Join("; ", lines) },
            }).ExecuteAsync(context);
        }
        catch (RegisterException e)
        {
            await Page(context, StatusCodes.Status400BadRequest, new CustodyAnswer(t => RecordingTexts.For(t.Language).NotDone, back(form)) { Problem = e.Message }).ExecuteAsync(context);
        }
    }

    private static async Task ReceiptAsync(string node, string id, WebPorts ports, HttpContext context)
    {
        var caller = context.Features.Get<Caller>()!;
        if (ports.Recordings is not { } recordings)
        {
            await CustodyRoutes.NoRegisters.WriteAsync(context);
            return;
        }

        if (id.Length > 80 || !id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
        {
            await new Problem(StatusCodes.Status404NotFound, "No receipt", "there is none of that name", "see /custody/receipts").WriteAsync(context);
            return;
        }

        var answer = await recordings.AskAsync<ReceiptFound>(node, new GetReceipt(CallerAudit.PrincipalOf(caller), id), context.RequestAborted);
        if (answer.Answer is not { } found)
        {
            await new Problem(answer.Silence is null ? StatusCodes.Status404NotFound : StatusCodes.Status504GatewayTimeout, "No receipt", answer.Why ?? "", "see /custody/receipts").WriteAsync(context);
            return;
        }

        if (!await ports.Record(CallerAudit.Of(caller, AuditKind.Export, "recording receipt", found.Id, $"of node {node}")))
        {
            await CallerAudit.NotRecorded.WriteAsync(context);
            return;
        }

        context.Response.ContentType = "application/octet-stream";
        context.Response.ContentLength = found.File.Length;
        context.Response.GetTypedHeaders().ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = $"{id}.receipt" };
        if (!HttpMethods.IsHead(context.Request.Method)) await context.Response.Body.WriteAsync(found.File.AsMemory(), context.RequestAborted);
    }

    private static RazorComponentResult<CustodyDocument> Page(HttpContext context, int status, CustodyAnswer answer) =>
        new(new Dictionary<string, object?> { [nameof(CustodyDocument.Model)] = answer, [nameof(CustodyDocument.Language)] = PageLanguage.Of(context.Request) }) { PreventStreamingRendering = true, StatusCode = status };
}
