using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Approvals;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Inspections;
using TrafficFlow.Vault.Persons;
using TrafficFlow.Vault.Registers;
using TrafficFlow.Vault.Requests;
using TrafficFlow.Web.Access;
using TrafficFlow.Web.Http;
using TrafficFlow.Web.Pages.Accounts;

namespace TrafficFlow.Web.Pages.Custody;

/// <summary>What the forms of the pages of custody are sent to: each a request of its own, whose session the gatekeeper has just looked at.</summary>
internal static class CustodyRoutes
{
    private const string Persons = "/custody/persons";
    private const string Inspections = "/custody/inspections";
    private const string Requests = "/custody/requests";

    public static void Map(IEndpointRouteBuilder app, WebPorts ports)
    {
        var desk = ports.Custody is { } books ? new CustodyDesk(books, ports.Record, ports.Time) : null;
        Post($"{Persons}/appoint", Persons, (d, f, by) => d.AppointAsync(by, f.Text("person"), f.Text("account"), f.Choice<Duty>("duty"), f.OptionalDay("from") is { } day ? CustodyForm.Begin(day, d.Books.Zone("")) : ports.Time.GetUtcNow()));
        Post($"{Persons}/dismiss", Persons, (d, f, by) => d.DismissAsync(by, f.Text("id"), f.OptionalDay("effective") is { } day ? CustodyForm.Begin(day, d.Books.Zone("")) : null, f.Text("reason")));
        Post($"{Persons}/withdraw", Persons, (d, f, by) => d.WithdrawDismissalAsync(by, f.Text("id"), f.Text("reason")));
        Post("/custody/approvals/request", "/custody", (d, f, by) => d.RequestApprovalAsync(by, f.Choice<ApprovalKind>("kind"), f.Text("description")));
        Post("/custody/approvals/approve", "/custody", (d, f, by) => d.ApproveAsync(by, f.Text("id"), f.Text("sha256")));
        Post("/custody/approvals/refuse", "/custody", (d, f, by) => d.RefuseAsync(by, f.Text("id"), f.Text("reason")));
        Post("/custody/approvals/withdraw", "/custody", (d, f, by) => d.WithdrawApprovalAsync(by, f.Text("id"), f.Text("reason")));
        Post($"{Inspections}/record", Inspections, RecordAsync);
        Post($"{Inspections}/follow-up/close", Inspections, (d, f, by) => d.CloseFollowUpAsync(by, f.Text("id"), f.Text("done")));
        Post($"{Inspections}/follow-up/move", Inspections, (d, f, by) => d.MoveFollowUpAsync(by, f.Text("id"), f.Day("due"), f.Text("reason")));
        Post($"{Requests}/receive", Requests, ReceiveAsync);
        PostOfRequest("assign", (d, f, by) => d.AssignAsync(by, f.Text("id"), f.Text("handler")));
        PostOfRequest("note", (d, f, by) => d.NoteAsync(by, f.Text("id"), f.Text("text")));
        PostOfRequest("extend", (d, f, by) => d.ExtendAsync(by, f.Text("id"), f.Day("due"), f.Text("reason")));
        PostOfRequest("receipt", (d, f, by) => d.EnterReceiptAsync(by, f.Text("id"), f.Text("receipt"), f.Text("what")));
        PostOfRequest("erase", (d, f, by) => d.EraseAsync(by, f.Text("id"), CancellationToken.None));
        PostOfRequest("answer", (d, f, by) => d.AnswerAsync(by, f.Text("id"), f.Choice<RequestOutcome>("outcome"), f.Text("text"), f.Text("refusal")));
        PostOfRequest("close", (d, f, by) => d.CloseRequestAsync(by, f.Text("id"), f.Text("note")));
        PostOfRequest("reopen", (d, f, by) => d.ReopenAsync(by, f.Text("id"), f.Text("reason")));
        app.MapGet(Requests + "/{id}/contact", (string id, HttpContext context) => ContactAsync(context, desk, id));

        void PostOfRequest(string what, Func<CustodyDesk, DeskForm, Caller, Task> change) => Map(app, $"{Requests}/{what}", desk, f => NameRule.IsChosen(f.Text("id")) ? $"{Requests}/{f.Text("id")}" : Requests, change);

        void Post(string path, string back, Func<CustodyDesk, DeskForm, Caller, Task> change) => Map(app, path, desk, _ => back, change);

        async Task RecordAsync(CustodyDesk d, DeskForm f, Caller by)
        {
            var (site, kind) = (f.Text("site"), f.Choice<InspectionKind>("kind"));
            var corrects = f.Text("corrects") is { Length: > 0 } id ? id : null;
            var entry = new InspectionEntry(site, kind, f.OptionalTime("on", d.Books.Zone(site)) ?? ports.Time.GetUtcNow(), f.Items(kind), f.Text("note"), f.FollowUps(kind));
            await d.InspectAsync(by, entry, corrects, f.Text("reason"), CancellationToken.None);
        }

        Task ReceiveAsync(CustodyDesk d, DeskForm f, Caller by)
        {
            var site = f.Text("site");
            if (ports.Sites().FirstOrDefault(s => s.Id.Value == site) is not { } known) throw new RegisterException("name a site of this node");
            var zone = known.TimeZone;
            string[] cameras = [.. f.All("camera")];
            if (cameras.FirstOrDefault(c => !known.Cameras.Any(k => k.Id.Value == c)) is not null) throw new RegisterException("a camera that is asked about is none of the site's");
            return d.ReceiveAsync(
                by, f.Choice<RequestKind>("kind"), f.Day("received"), new RequestedSpan(site, [.. cameras.Distinct()], f.OptionalTime("from", zone), f.OptionalTime("to", zone)), f.Text("subject"),
                new RequesterContact(f.Text("name"), f.Text("address"), f.Text("mail"), f.Text("phone")));
        }
    }

    private static void Map(IEndpointRouteBuilder app, string path, CustodyDesk? desk, Func<DeskForm, string> back, Func<CustodyDesk, DeskForm, Caller, Task> change) => app.MapPost(path, async context =>
    {
        if (desk is null)
        {
            await NoRegisters.WriteAsync(context);
            return;
        }

        if (await DeskForm.ReadAsync(context) is not { } form) return;
        try
        {
            await change(desk, form, context.Features.Get<Caller>()!);
            context.Response.Redirect(back(form));
        }
        catch (Exception e) when (e is RegisterException or AccountException)
        {
            await Page(context, StatusCodes.Status400BadRequest, new CustodyAnswer(t => t.NothingEntered, back(form)) { Problem = e.Message }).ExecuteAsync(context);
        }
        catch (VaultFileException e)
        {
            await Page(context, StatusCodes.Status503ServiceUnavailable, new CustodyAnswer(t => t.NothingEntered, back(form)) { Problem = e.Message }).ExecuteAsync(context);
        }
    });

    /// <summary>In an answer of its own: it goes through no circuit, and stands on no page that stays open.</summary>
    private static async Task ContactAsync(HttpContext context, CustodyDesk? desk, string id)
    {
        if (desk is null)
        {
            await NoRegisters.WriteAsync(context);
            return;
        }

        try
        {
            var (isRecorded, contact) = await desk.ContactAsync(context.Features.Get<Caller>()!, id, "page");
            if (!isRecorded) await CallerAudit.NotRecorded.WriteAsync(context);
            else await Page(context, StatusCodes.Status200OK, new CustodyAnswer(t => t.Contact, $"{Requests}/{id}") { Contact = contact ?? new RequesterContact("", "", "", "") }).ExecuteAsync(context);
        }
        catch (RegisterException e)
        {
            await new Problem(StatusCodes.Status404NotFound, "No such request", e.Message, "see /custody/requests").WriteAsync(context);
        }
        catch (VaultFileException e)
        {
            await new Problem(StatusCodes.Status503ServiceUnavailable, "It cannot be read", e.Message, "then try again").WriteAsync(context);
        }
    }

    internal static Problem NoRegisters { get; } = new(StatusCodes.Status404NotFound, "No registers", "this node keeps no registers of custody: it has no accounts", "they are for nodes that run as a service: trafficflow run");

    internal static RazorComponentResult<CustodyDocument> Page(HttpContext context, int status, CustodyAnswer answer) =>
        new(new Dictionary<string, object?> { [nameof(CustodyDocument.Model)] = answer, [nameof(CustodyDocument.Language)] = PageLanguage.Of(context.Request) }) { PreventStreamingRendering = true, StatusCode = status };
}

/// <summary>What is shown without a circuit.</summary>
internal sealed record CustodyAnswer(Func<CustodyTexts, string> Heading, string Back)
{
    public string? Problem { get; init; }

    /// <summary>What was done, or what is to be done now; in English, as programs tell it.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];

    /// <summary>The same in the reader's language, where it is known; the sentence, and the language.</summary>
    public Func<string, string, string?> InLanguage { get; init; } = (_, _) => null;

    /// <summary>Null for another answer.</summary>
    public RequesterContact? Contact { get; init; }
}
