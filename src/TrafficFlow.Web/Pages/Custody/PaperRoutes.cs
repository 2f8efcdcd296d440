using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using TrafficFlow.Core.Custody;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Persons;
using TrafficFlow.Vault.Registers;
using TrafficFlow.Vault.Requests;
using TrafficFlow.Web.Access;
using TrafficFlow.Web.Http;
using TrafficFlow.Web.Pages.Reports;

namespace TrafficFlow.Web.Pages.Custody;

/// <summary>Records of inspections and letters as files, HTML or PDF. Whoever takes one away is recorded before it goes out.</summary>
internal static class PaperRoutes
{
    private static readonly TimeSpan ComeAgain = TimeSpan.FromSeconds(30);

    // One at a time: what counts beside it has the machine.
    private static readonly SemaphoreSlim s_printing = new(1);

    public static void Map(IEndpointRouteBuilder app, WebPorts ports)
    {
        app.MapGet("/custody/inspections/{id}/record/{format}", (string id, string format, HttpContext context) => AnswerAsync(context, ports, format, $"inspection-{id}", "custody inspection print", id, async books =>
        {
            var register = books.Inspections.Read();
            var record = register.Get(id);
            return await PaperHtml.InspectionAsync(record, register, books.Zone(record.What.Site), PageLanguage.Of(context.Request));
        }));
        app.MapGet("/custody/requests/{id}/letter/{language}/{format}", (string id, string language, string format, HttpContext context) => AnswerAsync(context, ports, format, $"request-{id}-{(language == "ja" ? "ja" : "en")}", "custody request letter", id, async books =>
        {
            var asked = books.Requests.Read().Get(id);
            if (asked.IsOpen) throw new RegisterException($"{asked.Id} is not answered yet");
            var (zone, own) = (books.Zone(asked.Span.Site), language == "ja" ? "ja" : "en");
            var custodian = books.Persons.Read().Appointments.LastOrDefault(a => a.Duty == Duty.Custodian && a.IsInForce(ports.Time.GetUtcNow()))?.Person ?? "";
            var site = ports.Sites().FirstOrDefault(s => s.Id.Value == asked.Span.Site);
            return await PaperHtml.LetterAsync(LetterTemplate.Fill(books.Requests.Letter(own) ?? LetterTemplate.Usual(own), LetterTemplate.ValuesOf(asked, books.Requests.Contact(id), site?.Name ?? asked.Span.Site, custodian, site?.Custody?.Operator, zone, own)), own);
        }));
    }

    private static async Task AnswerAsync(HttpContext context, WebPorts ports, string format, string name, string action, string target, Func<CustodyBooks, Task<string>> write)
    {
        if (ports.Custody is not { } books)
        {
            await CustodyRoutes.NoRegisters.WriteAsync(context);
            return;
        }

        if (format is not ("html" or "pdf"))
        {
            await new Problem(StatusCodes.Status404NotFound, "No such form", "there are html and pdf", "use the page's own links").WriteAsync(context);
            return;
        }

        try
        {
            var html = await write(books);
            if (!await ports.Record(CallerAudit.Of(context.Features.Get<Caller>()!, AuditKind.Export, action, target, format)))
            {
                await CallerAudit.NotRecorded.WriteAsync(context);
                return;
            }

            var content = format == "html" ? Encoding.UTF8.GetBytes(html) : await PrintAsync(ports, html, context.RequestAborted);
            context.Response.ContentType = format == "html" ? "text/html; charset=utf-8" : "application/pdf";
            context.Response.ContentLength = content.Length;
            // Never shown here: the policy of these pages forbids the styles that it carries.
            context.Response.GetTypedHeaders().ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = $"{name}.{format}" };
            if (!HttpMethods.IsHead(context.Request.Method)) await context.Response.Body.WriteAsync(content, context.RequestAborted);
        }
        catch (RegisterException e)
        {
            await new Problem(StatusCodes.Status404NotFound, "No such document", e.Message, "see /custody").WriteAsync(context);
        }
        catch (Exception e) when (e is PdfException or VaultFileException or FormatException && !context.Response.HasStarted)
        {
            await new Problem(StatusCodes.Status503ServiceUnavailable, "The document cannot be made", e.Message, "take the HTML, or try again when that is mended") { RetryAfter = ComeAgain }.WriteAsync(context);
        }
    }

    private static async Task<byte[]> PrintAsync(WebPorts ports, string html, CancellationToken cancellation)
    {
        if (ports.Printer is not { } printer) throw new PdfException("nothing on this node makes PDF");
        await s_printing.WaitAsync(cancellation);
        try
        {
            return await printer.PrintAsync(html, cancellation);
        }
        finally
        {
            s_printing.Release();
        }
    }
}
