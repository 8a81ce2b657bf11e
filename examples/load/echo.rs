//! The yardstick: the same messages, decoded and encoded, with the answer of one real screening and no work.

use hyper::server::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::service::TowerToHyperService;
use std::pin::Pin;
use tokio::net::TcpListener;
use tokio_stream::{Stream, StreamExt as _};
use tonic::{Request, Response, Status, Streaming};
use v1::screening_service_client::ScreeningServiceClient;
use v1::screening_service_server::{ScreeningService, ScreeningServiceServer};
use wire::v1;

struct Echo(v1::Screening);

impl Echo {
    fn all(&self, shipments: Vec<v1::Shipment>) -> Vec<v1::Screening> {
        let one = |s: v1::Shipment| v1::Screening { reference: s.reference, ..self.0.clone() };
        shipments.into_iter().map(one).collect()
    }
}

/// Serves until it is ended.
pub(crate) async fn serve(of: &str) -> anyhow::Result<()> {
    let party = v1::Party { name: "Acme Widgets".to_owned(), ..v1::Party::default() };
    let goods = v1::Goods { description: "spare parts".to_owned(), ..v1::Goods::default() };
    let shipment = v1::Shipment { parties: vec![party], goods: vec![goods], ..v1::Shipment::default() };
    let mut client = ScreeningServiceClient::connect(of.to_owned()).await?;
    let answer = client.screen(v1::ScreenRequest { shipment: Some(shipment), verbose: false }).await?.into_inner();
    let echo = Echo(answer.screening.unwrap_or_default());
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    {
        use std::io::Write as _;
        writeln!(std::io::stderr(), "listening on {}", listener.local_addr()?)?;
    }
    let service = ScreeningServiceServer::new(echo).max_decoding_message_size(16 << 20);
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let service = TowerToHyperService::new(service.clone());
        let mut builder = http2::Builder::new(TokioExecutor::new());
        builder.initial_stream_window_size(1 << 20).initial_connection_window_size(2 << 20);
        tokio::spawn(builder.serve_connection(TokioIo::new(stream), service));
    }
}

#[tonic::async_trait]
impl ScreeningService for Echo {
    type ScreenStreamStream = Pin<Box<dyn Stream<Item = Result<v1::ScreenStreamResponse, Status>> + Send>>;

    async fn screen(&self, request: Request<v1::ScreenRequest>) -> Result<Response<v1::ScreenResponse>, Status> {
        let screening = self.all(request.into_inner().shipment.into_iter().collect()).pop();
        Ok(Response::new(v1::ScreenResponse { screening, lists: Vec::new() }))
    }

    async fn screen_batch(
        &self,
        request: Request<v1::ScreenBatchRequest>,
    ) -> Result<Response<v1::ScreenBatchResponse>, Status> {
        Ok(Response::new(v1::ScreenBatchResponse {
            screenings: self.all(request.into_inner().shipments),
            lists: Vec::new(),
        }))
    }

    async fn screen_stream(
        &self,
        request: Request<Streaming<v1::ScreenStreamRequest>>,
    ) -> Result<Response<Self::ScreenStreamStream>, Status> {
        let echo = Self(self.0.clone());
        let answers = request.into_inner().map(move |message| {
            Ok(v1::ScreenStreamResponse { screenings: echo.all(message?.shipments), lists: Vec::new() })
        });
        Ok(Response::new(Box::pin(answers)))
    }

    async fn compare_names(
        &self,
        _request: Request<v1::CompareNamesRequest>,
    ) -> Result<Response<v1::CompareNamesResponse>, Status> {
        Err(Status::unimplemented("the yardstick screens only"))
    }
}
