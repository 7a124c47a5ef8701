//! The floor: hyper forwarding to one upstream, with nothing in between. `plain <port> <upstream port>`.
use bytes::Bytes;
use http::{Request, Response, Uri};
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use hyper::client::conn::http1::SendRequest;
use hyper_util::rt::TokioIo;
use std::cell::RefCell;
use std::convert::Infallible;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
type Pool = Rc<RefCell<Vec<SendRequest<Incoming>>>>;
struct Out(Incoming, Option<SendRequest<Incoming>>, Pool);
impl Body for Out {
    type Data = Bytes;
    type Error = hyper::Error;
    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<hyper::Result<Frame<Bytes>>>> {
        let f = ready!(Pin::new(&mut self.0).poll_frame(cx));
        if f.is_none() || self.0.is_end_stream() {
            if let Some(s) = self.1.take() {
                self.2.borrow_mut().push(s);
            }
        }
        Poll::Ready(f)
    }
    fn is_end_stream(&self) -> bool {
        self.0.is_end_stream()
    }
    fn size_hint(&self) -> SizeHint {
        self.0.size_hint()
    }
}
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let (port, up): (u16, u16) = (args[1].parse().unwrap(), args[2].parse().unwrap());
    let rt = tokio::runtime::Builder::new_current_thread().enable_all().build_local(Default::default()).unwrap();
    rt.block_on(async move {
        let pool: Pool = Default::default();
        let l = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        loop {
            let (tcp, _) = l.accept().await.unwrap();
            tcp.set_nodelay(true).unwrap();
            let pool = pool.clone();
            tokio::task::spawn_local(async move {
                let svc = hyper::service::service_fn(move |mut req: Request<Incoming>| {
                    let pool = pool.clone();
                    async move {
                        let s = {
                            let mut p = pool.borrow_mut();
                            loop {
                                match p.pop() {
                                    Some(s) if s.is_ready() => break Some(s),
                                    Some(_) => {}
                                    None => break None,
                                }
                            }
                        };
                        let mut s = match s {
                            Some(s) => s,
                            None => {
                                let t = tokio::net::TcpStream::connect(("127.0.0.1", up)).await.unwrap();
                                t.set_nodelay(true).unwrap();
                                let (s, c) = hyper::client::conn::http1::handshake(TokioIo::new(t)).await.unwrap();
                                tokio::task::spawn_local(async move {
                                    let _ = c.await;
                                });
                                s
                            }
                        };
                        let pq = req.uri().path_and_query().cloned();
                        *req.uri_mut() = pq.map(Uri::from).unwrap();
                        let res: Response<Incoming> = s.send_request(req).await.unwrap();
                        Ok::<_, Infallible>(res.map(|b| Out(b, Some(s), pool)))
                    }
                });
                let _ = hyper::server::conn::http1::Builder::new()
                    .pipeline_flush(true)
                    .serve_connection(TokioIo::new(tcp), svc)
                    .await;
            });
        }
    });
}
